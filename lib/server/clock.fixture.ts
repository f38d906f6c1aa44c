import 'server-only';
import type { Schedule } from './schedule';

/** For the tests of this room: timers of a clock that is moved by hand. They are called in the order of their times. */
export class Clock {
  readonly #timers = new Set<{ readonly dueMs: number; readonly callback: () => void }>();
  #nowMs = 0;

  /** How many timers are still to be called. */
  get size(): number {
    return this.#timers.size;
  }

  readonly schedule: Schedule = (callback, delayMs) => {
    const timer = { dueMs: this.#nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#next(); next && next.dueMs <= endMs; next = this.#next()) {
      this.#nowMs = next.dueMs;
      this.#timers.delete(next);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  #next() {
    return [...this.#timers].toSorted((one, other) => one.dueMs - other.dueMs)[0];
  }
}
