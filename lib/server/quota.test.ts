import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { type CreateCounter, createMemoryCounter } from './counter';
import { Quota, type QuotaLimits } from './quota';

const LIMITS: QuotaLimits = { perMinute: 3, perMinuteTotal: 5, tokensPerDay: 1000, tokensPerDayTotal: 1500 };
const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function limit(limits: Partial<QuotaLimits> = {}) {
  const quota = new Quota({ ...LIMITS, ...limits });
  const count = (account = 'one', headers = new Headers()) => quota.countRequest(account, headers);
  return { quota, count };
}

/** The error that a promise rejects with. */
const failureOf = (promise: Promise<unknown>): Promise<ChatError> =>
  promise.then(
    () => expect.fail('it was let through'),
    (error: ChatError) => error,
  );

describe('requests in a minute', () => {
  it('are as many as the limit says, and are told before the next and after it (A057)', async () => {
    const { count } = limit();
    const headers = new Headers();
    await count('one', headers);
    expect(Object.fromEntries(headers)).toEqual({
      'ratelimit-policy': '"replies";q=3;w=60',
      ratelimit: '"replies";r=2;t=60',
    });
    await count();
    await count();
    vi.advanceTimersByTime(20_000);
    const refusedHeaders = new Headers();
    expect(await failureOf(count('one', refusedHeaders))).toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: 40,
    });
    expect(refusedHeaders.get('ratelimit')).toBe('"replies";r=0;t=40');
  });

  it('are each caller’s own', async () => {
    const { count } = limit();
    for (let n = 0; n < 3; n += 1) await count('one');
    await failureOf(count('one'));
    await expect(count('other')).resolves.toBeUndefined();
  });

  it('begin anew when the minute is over, however often somebody knocked in it', async () => {
    const { count } = limit();
    for (let n = 0; n < 3; n += 1) await count();
    for (let n = 0; n < 50; n += 1) await failureOf(count());
    vi.advanceTimersByTime(60_000);
    await expect(count()).resolves.toBeUndefined();
  });

  it('of all callers together are limited too, and who is refused alone takes nothing from the others', async () => {
    const { count } = limit();
    for (let n = 0; n < 3; n += 1) await count('one');
    for (let n = 0; n < 20; n += 1) await failureOf(count('one'));
    await count('two');
    await count('three');
    expect(await failureOf(count('four'))).toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 60 });
  });

  it('that come at once are not all let through', async () => {
    const { count } = limit({ perMinuteTotal: 1000 });
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => count()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('are never more than twice the limit in a minute, wherever it begins and however the clock is set back (A062)', async () => {
    const step = fc.record({ waitMs: fc.nat(30_000), backMs: fc.nat(120_000) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        vi.useFakeTimers();
        const { count } = limit({ perMinuteTotal: 1000 });
        const letThroughAt: number[] = [];
        let passedMs = 0;
        for (const { waitMs, backMs } of steps) {
          vi.advanceTimersByTime(waitMs);
          passedMs += waitMs;
          vi.setSystemTime(Date.now() - backMs);
          const isIn = await count().then(
            () => true,
            () => false,
          );
          if (isIn) letThroughAt.push(passedMs);
        }
        for (const from of letThroughAt) {
          expect(letThroughAt.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(6);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('tokens in a day', () => {
  it('are set aside when a reply begins, and counted as they were spent when it ends (A061)', async () => {
    const { quota } = limit();
    const first = await quota.reserve('one', 900);
    expect(await failureOf(quota.reserve('one', 101))).toMatchObject({
      code: 'budget_exhausted',
      retryAfterSeconds: 86_400,
    });
    await first.settle(100);
    await (await quota.reserve('one', 900)).settle(900);
    expect(await failureOf(quota.reserve('one', 1))).toMatchObject({ code: 'budget_exhausted' });
  });

  it('count in full where a reply took more than was set aside', async () => {
    const { quota } = limit();
    await (await quota.reserve('one', 10)).settle(1000);
    await failureOf(quota.reserve('one', 1));
  });

  it('are given back once', async () => {
    const { quota } = limit();
    const reserved = await quota.reserve('one', 500);
    await reserved.settle(0);
    await reserved.settle(0);
    await quota.reserve('one', 1000);
    await failureOf(quota.reserve('one', 1));
  });

  it('of all callers together are limited too, and who is refused there has spent nothing', async () => {
    const { quota } = limit();
    await quota.reserve('one', 1000);
    await failureOf(quota.reserve('two', 501));
    await quota.reserve('two', 500);
    expect(await failureOf(quota.reserve('three', 1))).toMatchObject({ code: 'budget_exhausted' });
  });

  it('are given back where those of all callers cannot be counted', async () => {
    const broken: CreateCounter = (name, most, windowSeconds) => {
      const counter = createMemoryCounter(name, most, windowSeconds);
      const isLost = name === 'all-tokens';
      return isLost ? { ...counter, add: () => Promise.reject(new ChatError('limits_unavailable')) } : counter;
    };
    const tookBack = vi.fn();
    const watched: CreateCounter = (name, most, windowSeconds) => {
      const counter = broken(name, most, windowSeconds);
      return {
        ...counter,
        takeBack: (key, points) => counter.takeBack(key, points).finally(() => tookBack(name, points)),
      };
    };
    const quota = new Quota(LIMITS, watched);
    expect(await failureOf(quota.reserve('one', 700))).toMatchObject({ code: 'limits_unavailable' });
    expect(tookBack.mock.calls).toEqual([['tokens', 700]]);
  });

  it('are there again when the day is over', async () => {
    const { quota } = limit();
    await quota.reserve('one', 1000);
    vi.advanceTimersByTime(DAY_MS);
    await expect(quota.reserve('one', 1000)).resolves.toBeDefined();
  });

  it('are not limited where no limit is set', async () => {
    const { quota } = limit({ tokensPerDay: undefined, tokensPerDayTotal: undefined });
    await expect(quota.reserve('one', 1e9)).resolves.toBeDefined();
  });
});
