/** How to come to write a chat: if nobody does, when nobody does any more, or in place of whoever does. */
export type LockMode = 'try' | 'wait' | 'steal';

type LockOptions = {
  readonly mode: LockMode;
  /** Lets go, or waits no longer, when it aborts. */
  readonly signal: AbortSignal;
  /** It was taken away by another tab. */
  readonly onLost: () => void;
};

/** Settles with whether this tab writes the chat now. */
export type AcquireLock = (chatId: string, options: LockOptions) => Promise<boolean>;

/**
 * One writer per chat among all tabs, by the Web Locks API: a tab that closes or crashes lets go by itself. Where a browser
 * gives no such locks, as to pages without encryption, every tab writes, and whoever writes last is right.
 */
export const acquireLock: AcquireLock = (chatId, { mode, signal, onLost }) => {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    let isHeld = false;
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      isHeld = lock !== null && !signal.aborted;
      resolve(isHeld);
      if (isHeld) return new Promise((release) => signal.addEventListener('abort', () => release(), { once: true }));
    };
    const options = mode === 'wait' ? { signal } : mode === 'steal' ? { steal: true } : { ifAvailable: true };
    locks.request(`rivulet/chat/${chatId}`, options, hold).catch((error: unknown) => {
      if (isHeld) onLost();
      // A browser that blocks storage refuses locks too.
      resolve(error instanceof DOMException && error.name === 'SecurityError');
    });
  });
};
