/** Calls back after a delay in milliseconds, unless the returned function is called first. */
export type Schedule = (callback: () => void, delayMs: number) => () => void;

/** The timers of the browser. */
export const scheduleTimeout: Schedule = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};
