/** A pause of the page, and how much of it is left. */
export type Pause = Pick<IdleDeadline, 'timeRemaining' | 'didTimeout'>;

/** Calls back in a pause of the page. Returns how to call it off. */
export type WhenIdle = (callback: (pause: Pause) => void) => () => void;

/** A page that never pauses gets its work done all the same, this late. */
const TIMEOUT_MS = 1000;

/** Not every browser tells when it is idle: there the next turn is as good as any. */
export const whenIdle: WhenIdle = (callback) => {
  if (typeof requestIdleCallback === 'function') {
    const handle = requestIdleCallback(callback, { timeout: TIMEOUT_MS });
    return () => cancelIdleCallback(handle);
  }
  const timer = setTimeout(() => callback({ timeRemaining: () => 0, didTimeout: true }));
  return () => clearTimeout(timer);
};
