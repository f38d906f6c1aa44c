import 'server-only';
import { isTerminal, type ReplyEvent } from '@/lib/protocol/reply-event';

/** A delta is held as its text and this much around it. */
const BYTES_PER_EVENT = 100;

/**
 * The numbered events of one reply, in memory, for any number of readers: the number of an event is its place, from 1. It
 * has ended when its newest event is a terminal one; then nothing is appended any more.
 */
export class ReplyLog {
  readonly #events: ReplyEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #characters = 0;

  get lastSeq(): number {
    return this.#events.length;
  }

  get isEnded(): boolean {
    const last = this.#events.at(-1);
    return last !== undefined && isTerminal(last);
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return BYTES_PER_EVENT * this.#events.length + 2 * this.#characters;
  }

  /** How long the texts in it are together. */
  get characters(): number {
    return this.#characters;
  }

  append(event: ReplyEvent): void {
    this.#events.push(event);
    if ('text' in event) this.#characters += event.text.length;
    for (const listener of this.#listeners) listener();
  }

  /** The events behind a number, at most so many. */
  read(after: number, limit = Number.POSITIVE_INFINITY): readonly ReplyEvent[] {
    return this.#events.slice(after, after + limit);
  }

  /** Calls back after each event that is appended, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
