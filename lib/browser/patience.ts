import { onReturn as onReturnToTab } from './return-signals';
import { scheduleTimeout } from './schedule';

/**
 * Waits so many milliseconds, or less where the tab comes back meanwhile: then it is worth trying at once, and the result is
 * true. Ends early too when the signal aborts.
 */
export type Wait = (ms: number, signal: AbortSignal) => Promise<boolean>;

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8000;

/**
 * How long to wait before the next try. It doubles, and its second half is random, so that the readers of a server that
 * comes back do not all return at once.
 *
 * @param failures how many there were in a row, from 1
 * @param random from 0 to 1
 */
export function retryDelayMs(failures: number, random: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS) * (0.5 + random / 2);
}

export const waitOrReturn: Wait = (ms, signal) =>
  new Promise((resolve) => {
    const end = (hasReturned: boolean) => {
      cancelTimer();
      ignoreReturns();
      signal.removeEventListener('abort', onAbort);
      resolve(hasReturned);
    };
    const onAbort = () => end(false);
    const cancelTimer = scheduleTimeout(() => end(false), ms);
    const ignoreReturns = onReturnToTab(() => end(true));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) end(false);
  });
