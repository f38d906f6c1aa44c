import type { AcquireLock, LockMode } from './writer-lock';

/** The one seat of a chat from which it is written, as one of its tabs sees it. */
export type WriterSeat = {
  /** Settles with whether this tab has it now. Gives up what was had or waited for before: there is one attempt at a time. */
  readonly take: (mode: LockMode) => Promise<boolean>;
  /** Gives a check whether nothing has been taken, lost or left since. */
  readonly remember: () => () => boolean;
  /** Lets go of it, for another tab to take. */
  readonly release: () => void;
  /** Takes no more part, and lets go when something is done. */
  readonly leave: (when: Promise<unknown>) => void;
};

/** `onLost` is called when another tab takes it away. */
export function createWriterSeat(chatId: string, acquireLock: AcquireLock, onLost: () => void): WriterSeat {
  let attempt = new AbortController();
  return {
    take: async (mode) => {
      attempt.abort();
      const own = new AbortController();
      attempt = own;
      const loseIt = () => {
        if (attempt === own) onLost();
      };
      const isHeld = await acquireLock(chatId, { mode, signal: own.signal, onLost: loseIt });
      return isHeld && attempt === own;
    },
    remember: () => {
      const own = attempt;
      return () => attempt === own;
    },
    release: () => attempt.abort(),
    leave: (when) => {
      const held = attempt;
      attempt = new AbortController();
      void when.finally(() => held.abort());
    },
  };
}
