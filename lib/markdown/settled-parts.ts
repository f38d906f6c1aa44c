import type { FootnoteReference } from 'mdast';
import type { DefinitionKey } from './parse-markdown';

/** What a stretch of text depends on that stands elsewhere. */
export type Dependencies = {
  /** What it asks for and was not defined when it was parsed. */
  readonly missing: ReadonlySet<DefinitionKey>;
  /** The footnotes that it refers to, in order: they count. */
  readonly references: readonly FootnoteReference[];
};

/** Of a text that stands for itself. */
export const NO_DEPENDENCIES: Dependencies = { missing: new Set(), references: [] };

/** A stretch of settled blocks, and what it takes to parse them again. */
export type Part = Dependencies & {
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
  /** What follows a block ends it, and the end of a text does so in another way: it is parsed up to here. */
  readonly proofEnd: number;
  /** The index of its first block in the document. */
  readonly first: number;
};

/** What is settled of a document but for its last block. Only a definition that comes later changes it. */
export class SettledParts {
  readonly #parts: Part[] = [];
  #references: FootnoteReference[] = [];

  add(part: Part): void {
    this.#parts.push(part);
    this.#references.push(...part.references);
  }

  /** To footnotes, in order. */
  get references(): readonly FootnoteReference[] {
    return this.#references;
  }

  /**
   * Parses the parts again that have asked in vain for what is defined now. A footnote that is referred to for the first time
   * counts, and so do those behind it by one more: tells whether that goes on behind the last part.
   */
  apply(
    added: ReadonlySet<DefinitionKey>,
    parse: (part: Part, footnotesBefore: readonly FootnoteReference[]) => Dependencies,
  ): boolean {
    const references: FootnoteReference[] = [];
    let isRenumbered = false;
    for (const [index, part] of this.#parts.entries()) {
      const next: Part = isChanged(part, added, isRenumbered) ? { ...part, ...parse(part, references) } : part;
      isRenumbered ||= next.references.length !== part.references.length;
      references.push(...next.references);
      this.#parts[index] = next;
    }
    this.#references = references;
    return isRenumbered;
  }
}

/** Whether a stretch of text is another one when something was defined, or when footnotes before it count anew. */
export function isChanged(
  { missing, references }: Dependencies,
  added: ReadonlySet<DefinitionKey>,
  isRenumbered: boolean,
): boolean {
  return [...missing].some((key) => added.has(key)) || (isRenumbered && references.length > 0);
}
