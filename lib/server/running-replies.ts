import 'server-only';

/** The replies that run in this process, and whether it still takes new ones. */
export class RunningReplies {
  readonly #interrupts = new Set<() => void>();
  #isClosed = false;
  #onEmpty = () => {};

  get size(): number {
    return this.#interrupts.size;
  }

  /** Counts a reply until the returned function is called. Null where no reply is taken any more. */
  enter(interrupt: () => void): (() => void) | null {
    if (this.#isClosed) return null;
    this.#interrupts.add(interrupt);
    return () => {
      this.#interrupts.delete(interrupt);
      if (this.#isClosed && this.#interrupts.size === 0) this.#onEmpty();
    };
  }

  /** Takes no reply any more. Settles when none runs. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#interrupts.size === 0) resolve();
    });
  }

  /** Ends what still runs. */
  interrupt(): void {
    for (const interrupt of this.#interrupts) interrupt();
  }
}

/**
 * Those of this process. The start of the server and its routes are bundles of their own: each has its own copy of this
 * module and of every class, so this is the one object that they share, and no error passes through it.
 */
const shared = globalThis as typeof globalThis & { rivuletReplies?: RunningReplies };

export function getRunningReplies(): RunningReplies {
  shared.rivuletReplies ??= new RunningReplies();
  return shared.rivuletReplies;
}
