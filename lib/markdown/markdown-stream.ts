import { appendText } from './append-text';
import { ParseBudget } from './parse-budget';
import { type MarkdownDocument, StreamedDocument } from './streamed-document';

/** Parses a text again and again as it grows, each time only what is new. Asked for the same again it gives the same. */
export class MarkdownStream {
  #document: StreamedDocument;
  #text = '';
  #isComplete = false;
  #drawn: MarkdownDocument | null = null;

  /** @param prefix sets the ids of this text apart from those of others on the page */
  constructor(
    private readonly prefix: string,
    private readonly openBudget = () => new ParseBudget(),
  ) {
    this.#document = new StreamedDocument(prefix, openBudget());
  }

  /** The document of this text, which usually is the last one and something more. */
  update(text: string, isComplete: boolean): MarkdownDocument {
    if (this.#drawn && text === this.#text && isComplete === this.#isComplete) return this.#drawn;
    if (this.#isComplete || !text.startsWith(this.#text)) {
      this.#document = new StreamedDocument(this.prefix, this.openBudget());
      this.#text = '';
      this.#drawn = null;
    }
    const delta = text.slice(this.#text.length);
    const appended = !isComplete && this.#drawn && appendText(this.#drawn, this.#text, delta);
    this.#document.append(delta);
    this.#text = text;
    this.#isComplete = isComplete;
    this.#drawn = appended || (isComplete ? this.#document.complete() : this.#document.draw());
    return this.#drawn;
  }
}
