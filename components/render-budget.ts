/** What a text of this size may take to draw: some fifty times what a desktop needs, for a slow phone that is busy. */
const allowedMs = (chars: number) => 16 + chars / 16;

/** So much more than that, over the whole life of an answer. */
const BUDGET_MS = 1000;

/** A longer text that comes all at once is drawn in parts first, each twice the size of the last one. */
const FIRST_PART_CHARS = 1024;

/**
 * Draws the text of one answer as long as that is cheap. Some texts take time that grows with the square of their size, or
 * overflow the stack; few characters of them are enough to tell, and from then on nothing of them is drawn.
 */
export class RenderBudget {
  #leftMs = BUDGET_MS;
  #triedChars = FIRST_PART_CHARS;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What `draw` gives for the text, or null where it fails or has cost too much. */
  render<T>(text: string, draw: (text: string) => T): T | null {
    while (this.#leftMs > 0 && this.#triedChars * 2 < text.length) {
      this.#triedChars *= 2;
      this.#measure(text.slice(0, this.#triedChars), draw);
    }
    if (this.#leftMs <= 0) return null;
    this.#triedChars = Math.max(this.#triedChars, text.length);
    return this.#measure(text, draw);
  }

  #measure<T>(text: string, draw: (text: string) => T): T | null {
    const startedAt = this.now();
    try {
      const drawn = draw(text);
      this.#leftMs -= Math.max(0, this.now() - startedAt - allowedMs(text.length));
      return this.#leftMs > 0 ? drawn : null;
    } catch {
      // Whatever is wrong with it, the text itself can be shown.
      this.#leftMs = 0;
      return null;
    }
  }
}
