import type { Schedule } from './schedule';

/** For the tests of this room: lets everything happen that waits for nothing but its turn. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** All that a reading gives; rejects with what it throws. */
export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Timers of a clock that is moved by hand. They are called in the order of their times. */
export class Clock {
  readonly #timers = new Set<{ readonly dueMs: number; readonly callback: () => void }>();
  #nowMs: number;

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  /** How many timers are still to be called. */
  get size(): number {
    return this.#timers.size;
  }

  readonly now = () => this.#nowMs;

  readonly schedule: Schedule = (callback, delayMs) => {
    const timer = { dueMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Settles what each timer leads to before the next one is called. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#next(); next && next.dueMs <= endMs; next = this.#next()) {
      this.#nowMs = next.dueMs;
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #next() {
    return [...this.#timers].toSorted((one, other) => one.dueMs - other.dueMs)[0];
  }
}
