import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import { type CreateCounter, createCounter } from './counter';

/** Wrong passwords from one address, and from all of them, before nobody's is looked at until the window is over. */
const MAX_WRONG = 10;
/** Somebody with many addresses: a guess every nine seconds, which finds no password that is worth the name. */
const MAX_WRONG_TOTAL = 100;
const WINDOW_SECONDS = 15 * 60;

const ALL = 'all';

/** Ends the guessing of passwords. A try is counted before it is checked, so that many at once are not all looked at. */
export class SignInLimit {
  readonly #counters;

  constructor(create: CreateCounter = createCounter) {
    this.#counters = {
      own: create('sign-in', MAX_WRONG, WINDOW_SECONDS),
      all: create('all-sign-in', MAX_WRONG_TOTAL, WINDOW_SECONDS),
    };
  }

  /** Throws `too_many_attempts`, for the right password too: an answer would say that it is the right one. */
  async countTry(address: string): Promise<void> {
    const { own, all } = this.#counters;
    let count = await own.add(address);
    // What was refused on its own account counts for nobody else.
    if (!count.isOver) count = await all.add(ALL);
    if (count.isOver) throw new ChatError('too_many_attempts', { retryAfterSeconds: Math.ceil(count.resetMs / 1000) });
  }

  /** The last try was right, so it counts for nothing. */
  async takeBack(address: string): Promise<void> {
    await this.#counters.own.takeBack(address);
    await this.#counters.all.takeBack(ALL);
  }
}

const shared = globalThis as typeof globalThis & { rivuletSignInLimit?: SignInLimit };

export function getSignInLimit(): SignInLimit {
  shared.rivuletSignInLimit ??= new SignInLimit();
  return shared.rivuletSignInLimit;
}
