import { isHostileMarkdown } from './hostile-markdown';
import { IncrementalParser, type ParsedDocument } from './incremental-parser';
import { ParseBudget } from './parse-budget';

/** A document as it is drawn. What did not change keeps its identity. */
export type MarkdownDocument = ParsedDocument & {
  /** Whether some of it could not be parsed, and is shown as it is written. */
  readonly isPartlyPlain: boolean;
};

/** A text that comes as a whole is read in steps of this size, or of what is open: then a block that is too slow is found early. */
const STEP_CHARS = 4096;

/** Where a block ends that could not be parsed: before a line that stands at the margin after a blank one. */
const PLAIN_END = /\n[ \t\r]*\n(?=\S)/g;

/**
 * A document that grows at its end. When it is complete, it is node for node what one pass over the whole text gives; but a
 * block that is too deep or too slow to parse is plain text.
 */
export class StreamedDocument {
  readonly #parser: IncrementalParser;
  #isEmpty = true;
  #unread = '';
  /** What was read of a last block that is shown as it is written; else null. */
  #plain: string | null = null;
  #isPartlyPlain = false;

  /** @param prefix sets the ids of this document apart from those of others on the page */
  constructor(
    prefix: string,
    private readonly budget = new ParseBudget(),
  ) {
    this.#parser = new IncrementalParser(prefix);
  }

  /** Appends to the text. */
  append(delta: string): void {
    if (delta === '') return;
    this.#unread += this.#isEmpty ? delta.replace(/^\ufeff/, '') : delta;
    this.#isEmpty = false;
    this.#read();
  }

  /** The document as it is; its last lines may still change. */
  draw(): MarkdownDocument {
    return this.#drawn(() => this.#parser.draw());
  }

  /** The document, when nothing more comes. */
  complete(): MarkdownDocument {
    return this.#drawn(() => this.#parser.complete());
  }

  #read(): void {
    while (this.#unread !== '') {
      if (this.#plain !== null) {
        this.#readPlain(this.#plain);
        continue;
      }
      this.#parser.append(this.#takeStep());
      // What is drawn anyway is settled then, and parsed only once.
      if (this.#unread !== '') this.#try(() => this.#parser.settle());
    }
  }

  #takeStep(): string {
    const chars = Math.max(STEP_CHARS, this.#parser.unsettled.length);
    const lineEnd = chars < this.#unread.length ? this.#unread.indexOf('\n', chars) : -1;
    const end = lineEnd < 0 ? this.#unread.length : lineEnd + 1;
    const step = this.#unread.slice(0, end);
    this.#unread = this.#unread.slice(end);
    return step;
  }

  #drawn(draw: () => ParsedDocument): MarkdownDocument {
    let drawn: ParsedDocument | null = null;
    if (this.#plain !== null) drawn = this.#parser.drawPlain(this.#plain);
    else {
      this.#try(() => {
        drawn = draw();
      });
    }
    if (drawn) return { ...drawn, isPartlyPlain: this.#isPartlyPlain };
    // What was given up is read as plain text, and what follows it is another block.
    this.#read();
    return this.#drawn(draw);
  }

  /** Does something with what is not settled, or gives the last block up. */
  #try(work: () => void): void {
    const { unsettled } = this.#parser;
    if (!isHostileMarkdown(unsettled) && this.budget.try(unsettled.length, work)) return;
    this.#unread = this.#parser.withdraw() + this.#unread;
    this.#plain = '';
    this.#isPartlyPlain = true;
  }

  /** Adds what is unread to a plain block, up to where that ends. */
  #readPlain(before: string): void {
    const text = before + this.#unread;
    // The blank line may have begun before.
    PLAIN_END.lastIndex = Math.max(0, before.length - STEP_CHARS);
    const found = PLAIN_END.exec(text);
    if (!found) {
      this.#plain = text;
      this.#unread = '';
      return;
    }
    const end = found.index + found[0].length;
    this.#parser.appendPlain(text.slice(0, end));
    this.#plain = null;
    this.#unread = text.slice(end);
  }
}
