/** Calls back when the tab may have missed something, until the returned function is called. */
export type OnReturn = (callback: () => void) => () => void;

/** A clock that jumps by more than this says that the machine, or the tab, was asleep. */
const TICK_MS = 1000;
const JUMP_MS = 5000;

/** The network is back, the tab is looked at again, or it wakes up: not every platform tells each of these. */
export const onReturn: OnReturn = (callback) => {
  const listening = new AbortController();
  const { signal } = listening;
  const whenVisible = () => {
    if (document.visibilityState === 'visible') callback();
  };
  addEventListener('online', callback, { signal });
  addEventListener('pageshow', callback, { signal });
  document.addEventListener('visibilitychange', whenVisible, { signal });
  document.addEventListener('resume', callback, { signal });
  let lastTick = Date.now();
  const ticking = setInterval(() => {
    const hasJumped = Date.now() - lastTick > JUMP_MS;
    lastTick = Date.now();
    if (hasJumped) callback();
  }, TICK_MS);
  return () => {
    listening.abort();
    clearInterval(ticking);
  };
};
