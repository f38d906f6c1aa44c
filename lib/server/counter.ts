import 'server-only';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  RLWrapperTimeouts,
} from 'rate-limiter-flexible';
import { ChatError } from '@/lib/protocol/chat-error';
import { getRedis, type Redis } from './redis';
import { outsideOfRequests } from './schedule';

/** A request waits no longer than this for its counters. */
const PATIENCE_MS = 2000;

/** What is counted of one key in its window, which begins with its first point. */
export type Count = {
  /** Whether there were more points than the limit; those beyond it are counted too. */
  readonly isOver: boolean;
  readonly left: number;
  readonly resetMs: number;
};

/**
 * Counts points by key, in windows of time: at most twice the limit in any stretch as long as one. What cannot be counted
 * is refused: both reject with `limits_unavailable`.
 */
export type Counter = {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly add: (key: string, points?: number) => Promise<Count>;
  readonly takeBack: (key: string, points?: number) => Promise<unknown>;
};

export type CreateCounter = (name: string, limit: number, windowSeconds: number) => Counter;

/** In the memory of this process: a restart begins anew, and another process counts for itself. */
export const createMemoryCounter: CreateCounter = (name, limit, windowSeconds) =>
  counterOf(new RateLimiterMemory({ keyPrefix: name, points: limit, duration: windowSeconds }), limit, windowSeconds);

/** In Redis, for all processes that use it, and longer than they live. */
export function createRedisCounters(redis: Redis): CreateCounter {
  return (name, limit, windowSeconds) => {
    const limiter = new RateLimiterRedis({
      storeClient: redis,
      useRedisPackage: true,
      keyPrefix: `rivulet:${name}`,
      points: limit,
      duration: windowSeconds,
    });
    return counterOf(new RLWrapperTimeouts({ limiter, timeoutMs: PATIENCE_MS }), limit, windowSeconds);
  };
}

/** Where the operator wants it to be counted. */
export function createCounter(...counted: Parameters<CreateCounter>): Counter {
  const redis = getRedis();
  return redis ? createRedisCounters(redis)(...counted) : createMemoryCounter(...counted);
}

function counterOf(limiter: RateLimiterAbstract, limit: number, windowSeconds: number): Counter {
  return {
    limit,
    windowSeconds,
    // Its timers would hold on to the requests in which they are set.
    add: (key, taken) => outsideOfRequests(() => limiter.consume(key, taken).then(toCount, toCountOver)),
    takeBack: (key, taken) => outsideOfRequests(() => limiter.reward(key, taken).catch(refuse)),
  };
}

function toCount({ remainingPoints, msBeforeNext }: RateLimiterRes): Count {
  return { isOver: false, left: remainingPoints, resetMs: msBeforeNext };
}

/** The library rejects with a result where there are too many, and with an error where it could not count. */
function toCountOver(reason: unknown): Count {
  return reason instanceof RateLimiterRes ? { ...toCount(reason), isOver: true } : refuse(reason);
}

function refuse(cause: unknown): never {
  throw new ChatError('limits_unavailable', { cause });
}
