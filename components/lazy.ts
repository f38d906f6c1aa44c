/**
 * Something that is fetched when it is first wanted. A failure is not kept: whoever wants it next tries again. Made to be
 * read with `useSyncExternalStore`.
 */
export class Lazy<T> {
  #value: T | null = null;
  #isLoading = false;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly load: () => Promise<T>) {}

  readonly getSnapshot = (): T | null => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Starts to fetch it, unless it is there or on its way. Never rejects. */
  async want(): Promise<void> {
    if (this.#isLoading || this.#value !== null) return;
    this.#isLoading = true;
    try {
      this.#value = await this.load();
      for (const listener of this.#listeners) listener();
    } catch {
      // There is something to show without it.
    } finally {
      this.#isLoading = false;
    }
  }
}
