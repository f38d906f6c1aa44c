import 'server-only';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { outsideOfRequests } from './schedule';

/** What is counted of one key in its window, which begins with its first point. */
export type Count = {
  /** Whether there were more points than the limit; those beyond it are counted too. */
  readonly isOver: boolean;
  readonly left: number;
  readonly resetMs: number;
};

/** Counts points by key, in windows of time: at most twice the limit in any stretch as long as one. */
export type Counter = {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly add: (key: string, points?: number) => Promise<Count>;
  readonly takeBack: (key: string, points?: number) => Promise<unknown>;
};

export type CreateCounter = (name: string, limit: number, windowSeconds: number) => Counter;

/** In the memory of this process. */
export const createMemoryCounter: CreateCounter = (name, limit, windowSeconds) => {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points: limit, duration: windowSeconds });
  return {
    limit,
    windowSeconds,
    // Its timers would hold on to the requests in which they are set.
    add: (key, points) => outsideOfRequests(() => limiter.consume(key, points).then(toCount, toCountOver)),
    takeBack: (key, points) => outsideOfRequests(() => limiter.reward(key, points)),
  };
};

function toCount({ remainingPoints, msBeforeNext }: RateLimiterRes): Count {
  return { isOver: false, left: remainingPoints, resetMs: msBeforeNext };
}

/** The library rejects with a result where there are too many, and with an error where it could not count. */
function toCountOver(reason: unknown): Count {
  if (!(reason instanceof RateLimiterRes)) throw reason;
  return { ...toCount(reason), isOver: true };
}
