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

/** Where a block ends that cannot be parsed: before a line that stands at the margin after a blank one. */
const BLOCK_END = /\n[ \t\r]*\n(?=\S)/g;

/**
 * A document that grows at its end. When it is complete, it is node for node what one pass over the whole text gives; but a
 * block that is too deep or too slow to parse is plain text.
 */
export class StreamedDocument {
  readonly #parser: IncrementalParser;
  #isEmpty = true;
  #unread = '';
  /** So much of it is read block by block: something in there cannot be parsed. */
  #suspectChars = 0;
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
      if (this.#plain !== null) this.#readPlain(this.#plain);
      else if (this.#suspectChars > 0) this.#readSuspect();
      else this.#readStep();
    }
  }

  #readStep(): void {
    const chars = Math.max(STEP_CHARS, this.#parser.unsettled.length);
    const lineEnd = chars < this.#unread.length ? this.#unread.indexOf('\n', chars) : -1;
    this.#parser.append(this.#take(lineEnd < 0 ? this.#unread.length : lineEnd + 1));
    // What is drawn anyway is settled then, and parsed only once.
    if (this.#unread !== '' && !this.#try(() => this.#parser.settle())) this.#suspect();
  }

  /** Reads one block of what cannot be parsed as a whole, and gives it up if it is the one. */
  #readSuspect(): void {
    const block = this.#take(Math.min(this.#suspectChars, endOfBlock(this.#unread) ?? this.#unread.length));
    this.#suspectChars -= block.length;
    this.#parser.append(block);
    if (this.#try(() => void this.#parser.draw())) return;
    const isRetracted = this.#parser.retract(block.length);
    const isApart = isRetracted && this.#try(() => this.#parser.endBlock());
    this.#giveUp((isApart ? '' : this.#parser.withdraw()) + (isRetracted ? block : ''));
  }

  /** Adds what is unread to a plain block, up to where that ends. */
  #readPlain(before: string): void {
    const text = before + this.#unread;
    // The blank line may have begun before.
    const end = endOfBlock(text, Math.max(0, before.length - STEP_CHARS));
    if (end === null) {
      this.#plain = text;
      this.#unread = '';
      return;
    }
    this.#parser.appendPlain(text.slice(0, end));
    this.#plain = null;
    this.#unread = text.slice(end);
  }

  #take(chars: number): string {
    const taken = this.#unread.slice(0, chars);
    this.#unread = this.#unread.slice(chars);
    return taken;
  }

  /** @param isSuspect whether each of its last blocks could be drawn, and all together could not */
  #drawn(draw: () => ParsedDocument, isSuspect = false): MarkdownDocument {
    let drawn: ParsedDocument | null = null;
    if (this.#plain !== null) drawn = this.#parser.drawPlain(this.#plain);
    else {
      const isDone = this.#try(() => {
        drawn = draw();
      });
      if (!isDone) drawn = null;
    }
    if (drawn) return { ...drawn, isPartlyPlain: this.#isPartlyPlain };
    if (isSuspect) this.#giveUp(this.#parser.withdraw());
    else this.#suspect();
    this.#read();
    return this.#drawn(draw, !isSuspect);
  }

  /** Whether the work on what is not settled could be done. */
  #try(work: () => void): boolean {
    const { unsettled } = this.#parser;
    return !isHostileMarkdown(unsettled) && this.budget.try(unsettled.length, work);
  }

  /** Takes back what cannot be parsed as a whole. */
  #suspect(): void {
    const text = this.#parser.withdraw();
    this.#unread = text + this.#unread;
    this.#suspectChars = text.length;
  }

  /** Takes a text for a block that is shown as it is written, as far as it is one. */
  #giveUp(text: string): void {
    this.#unread = text + this.#unread;
    this.#plain = '';
    this.#isPartlyPlain = true;
  }
}

/** Null where it has not come yet. */
function endOfBlock(text: string, from = 0): number | null {
  BLOCK_END.lastIndex = from;
  const found = BLOCK_END.exec(text);
  return found && found.index + found[0].length;
}
