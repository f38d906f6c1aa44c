/** Things that arrive one after the other. Whoever waits for one gets it, whether it came before or comes later. */
export class Arrivals<T> {
  readonly #all: T[] = [];
  readonly #waiting = new Set<(item: T) => void>();

  /** Everything that has arrived, oldest first. */
  get all(): readonly T[] {
    return this.#all;
  }

  add(item: T): void {
    this.#all.push(item);
    for (const offer of this.#waiting) offer(item);
  }

  /** The first one that matches. Waits as long as the test does. */
  async find(matches: (item: T) => boolean): Promise<T> {
    const earlier = this.#all.find(matches);
    if (earlier !== undefined) return earlier;
    return new Promise((resolve) => {
      const offer = (item: T) => {
        if (!matches(item)) return;
        this.#waiting.delete(offer);
        resolve(item);
      };
      this.#waiting.add(offer);
    });
  }
}
