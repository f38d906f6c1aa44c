import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';

/** Calls back after a delay in milliseconds, unless the returned function is called first. */
export type Schedule = (callback: () => void, delayMs: number) => () => void;

/** The timers of the platform. */
export const scheduleTimeout: Schedule = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

/** A timer holds on to the request in which it is set: with the platform's storage, to its response and its socket too. */
export const outsideOfRequests = AsyncLocalStorage.snapshot();

/** The same, for what is far away and need not happen before the process ends. Holds on to no request. */
export const scheduleInBackground: Schedule = (callback, delayMs) => {
  const timer = outsideOfRequests(() => setTimeout(callback, delayMs).unref());
  return () => clearTimeout(timer);
};
