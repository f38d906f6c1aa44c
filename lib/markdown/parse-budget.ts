/** What a text of this size may take: some fifty times what a desktop needs, for a slow phone that is busy. */
const allowedMs = (chars: number) => 16 + chars / 16;

/** No text of this size is slower than that, whatever it is: then it was the machine that did something else. */
const slowestMs = (chars: number) => chars;

/** So much more than is allowed, over the whole life of one block. */
const BUDGET_MS = 1000;

/** What is left of it for each block after one that has used it up. */
const NEXT_SHARE = 0.5;

/**
 * Work on a text as long as that is cheap. Some texts take time that grows with the square of their size, or overflow the
 * stack: they are given up, and a document full of them is given up sooner from block to block.
 */
export class ParseBudget {
  #blockMs = BUDGET_MS;
  #leftMs = BUDGET_MS;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether the work on a text of so many characters was done. Where it was not, the next text is that of another block. */
  try(chars: number, work: () => void): boolean {
    const startedAt = this.now();
    try {
      work();
      const excessMs = this.now() - startedAt - allowedMs(chars);
      this.#leftMs -= Math.max(0, Math.min(excessMs, slowestMs(chars)));
    } catch {
      // Whatever is wrong with it, the text itself can be shown.
      this.#leftMs = 0;
    }
    if (this.#leftMs > 0) return true;
    this.#blockMs *= NEXT_SHARE;
    this.#leftMs = this.#blockMs;
    return false;
  }
}
