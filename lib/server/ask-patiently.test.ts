import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import { askPatiently, planRetry } from './ask-patiently';
import type { ClaudeEvent } from './claude';
import { CALL } from './claude.fixture';

const BUDGET_MS = 20_000;
const BUSY = ['rate_limited', 'overloaded', 'upstream_unreachable', 'upstream_failed'] as const;

type Circumstances = { attempt?: number; spentMs?: number; random?: number; retryAfterSeconds?: number };

/** The wait in milliseconds, or the error to give up with. */
function plan(
  code: ErrorCode,
  { attempt = 1, spentMs = 0, random = 0.5, retryAfterSeconds }: Circumstances = {},
): number | ChatError {
  const planned = planRetry(new ChatError(code, { retryAfterSeconds }), attempt, spentMs, () => random);
  return planned instanceof ChatError ? planned : planned.retryInMs;
}

describe('planRetry', () => {
  it.each(BUSY)('waits when Claude is busy: %s', (reason) => {
    const planned = planRetry(new ChatError(reason), 1, 0, () => 0.5);
    expect(planned).toEqual({ type: 'reply-waiting', reason, retryInMs: 750 });
  });

  it.each([
    'request_rejected',
    'service_misconfigured',
    'model_unavailable',
    'conversation_too_long',
    'upstream_unreadable',
    'upstream_cut',
    'first_byte_timeout',
    'stalled',
    'restarting',
    'internal',
  ] as const)('gives up with the same error when a wait cannot help: %s', (code) => {
    const error = new ChatError(code);
    expect(planRetry(error, 1, 0, () => 0)).toBe(error);
  });

  it.each([
    [1, 500, 1000],
    [2, 1000, 2000],
    [3, 2000, 4000],
    [4, 4000, 8000],
    [5, 4000, 8000],
    [100, 4000, 8000],
  ])('waits before attempt %i + 1 between %i and %i ms', (attempt, leastMs, mostMs) => {
    expect(plan('overloaded', { attempt, random: 0 })).toBe(leastMs);
    expect(plan('overloaded', { attempt, random: 1 })).toBe(mostMs);
  });

  it('waits as long as Claude says, whatever the attempt, and up to a tenth longer than the others', () => {
    expect(plan('rate_limited', { attempt: 4, retryAfterSeconds: 3, random: 0 })).toBe(3000);
    expect(plan('rate_limited', { attempt: 4, retryAfterSeconds: 3, random: 1 })).toBe(3300);
  });

  it('does not ask without a pause when Claude says to come back in 0 seconds', () => {
    expect(plan('overloaded', { retryAfterSeconds: 0, random: 0 })).toBe(500);
  });

  it('gives up when the wait would go over the budget', () => {
    expect(plan('overloaded', { retryAfterSeconds: 20, random: 0 })).toBe(BUDGET_MS);
    expect(plan('overloaded', { retryAfterSeconds: 20, random: 0.01 })).toBeInstanceOf(ChatError);
    expect(plan('overloaded', { spentMs: BUDGET_MS - 1000, random: 1 })).toBe(1000);
    expect(plan('overloaded', { spentMs: BUDGET_MS - 999, random: 1 })).toBeInstanceOf(ChatError);
  });

  it('passes on the wait that it does not take itself: what Claude says (U-429l), else its own (U-5xx)', () => {
    expect(plan('rate_limited', { retryAfterSeconds: 3600, random: 1 })).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 3600,
    });
    const spent = { spentMs: BUDGET_MS, attempt: 4 };
    expect(plan('overloaded', { ...spent, random: 0 })).toMatchObject({ code: 'overloaded', retryAfterSeconds: 4 });
    expect(plan('overloaded', { ...spent, random: 0.1 })).toMatchObject({ retryAfterSeconds: 5 });
    expect(plan('overloaded', { ...spent, retryAfterSeconds: 0 })).toMatchObject({ retryAfterSeconds: 0 });
  });

  it('keeps the cause of a failure that it gives up on', () => {
    const cause = new Error('why');
    expect(planRetry(new ChatError('overloaded', { cause }), 1, BUDGET_MS, () => 0)).toMatchObject({ cause });
  });
});

const TEXT: ClaudeEvent = { type: 'text-delta', text: 'Hi' };
const END: ClaudeEvent = {
  type: 'end',
  stopReason: 'end_turn',
  usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
};

/** One try: how long it takes, what arrives, and what it fails with. The last one of a list is repeated. */
type Try = { readonly tookMs: number; readonly events: readonly ClaudeEvent[]; readonly failure: ChatError };

/** Asks a Claude that fails in these ways. At the given moment, counted in steps of this world, the signal aborts. */
async function askThrough(tries: readonly Try[], random: number, stopAt = Number.POSITIVE_INFINITY) {
  const stop = new AbortController();
  const steps: string[] = [];
  const waitsMs: number[] = [];
  let clockMs = 0;
  let asked = 0;
  const take = (step: string) => {
    steps.push(step);
    if (steps.length > 1000) expect.fail('Claude is asked for ever');
    if (steps.length === stopAt) stop.abort();
  };
  const events = askPatiently(CALL, stop.signal, {
    ask: async function* () {
      take('ask');
      const attempt = tries[Math.min(asked++, tries.length - 1)] ?? expect.fail('no tries');
      clockMs += attempt.tookMs;
      yield* attempt.events;
      throw attempt.failure;
    },
    watchdog: { expect: () => {}, hear: () => {}, rest: () => {}, end: () => {} },
    elapsedMs: () => clockMs,
    sleep: async (ms, signal) => {
      take('sleep');
      // As the timers of Node do it: the reason of the signal is not what they reject with.
      if (signal.aborted) throw new DOMException('The operation was aborted', 'AbortError');
      waitsMs.push(ms);
      clockMs += ms;
    },
    random: () => random,
  });
  const failure = await (async () => {
    for await (const event of events) take(event.type);
  })().catch((error: unknown) => error);
  return { steps, waitsMs, failure, clockMs };
}

describe('askPatiently', () => {
  const failure = fc
    .tuple(fc.constantFrom(...BUSY), fc.option(fc.nat(30), { nil: undefined }))
    .map(([code, retryAfterSeconds]) => new ChatError(code, { retryAfterSeconds }));
  const early = fc.constantFrom<ClaudeEvent>(
    { type: 'accepted', upstreamRequestId: 'req_1' },
    { type: 'usage', usage: END.usage },
  );
  const failing = fc.record({ tookMs: fc.nat(5000), events: fc.array(early, { maxLength: 2 }), failure });
  const tries = fc.array(failing, { minLength: 1, maxLength: 6 });
  const random = fc.double({ min: 0, max: 1, noNaN: true });

  it('never waits longer than 20 seconds in all, however it is turned away, and then says when to come back', async () => {
    const property = fc.asyncProperty(tries, random, async (all, dice) => {
      const { waitsMs, failure: thrown, steps } = await askThrough(all, dice);
      expect(waitsMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(BUDGET_MS);
      expect(waitsMs.every((ms) => ms >= 500)).toBe(true);
      expect(steps.filter((step) => step === 'ask')).toHaveLength(waitsMs.length + 1);
      expect(thrown).toMatchObject({ name: 'ChatError', retryAfterSeconds: expect.any(Number) });
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('counts the time of its tries, so that it has given up by then', async () => {
    const property = fc.asyncProperty(tries, random, async (all, dice) => {
      const { clockMs } = await askThrough(all, dice);
      expect(clockMs).toBeLessThanOrEqual(BUDGET_MS + 5000);
    });
    await fc.assert(property);
  });

  it('asks nothing more from the moment on at which it is stopped', async () => {
    const property = fc.asyncProperty(tries, random, fc.integer({ min: 1, max: 12 }), async (all, dice, stopAt) => {
      const whole = await askThrough(all, dice);
      const { steps, failure: thrown } = await askThrough(all, dice, stopAt);
      expect(steps.slice(0, stopAt)).toEqual(whole.steps.slice(0, stopAt));
      expect(steps.slice(stopAt)).not.toContain('ask');
      expect(thrown instanceof ChatError).toBe(stopAt > whole.steps.length);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it.each([TEXT, { type: 'thinking-delta', text: 'Hm' }] as const)(
    'never asks again after a first word ($type), and throws what broke',
    async (word) => {
      const busy = { tookMs: 0, events: [], failure: new ChatError('overloaded') };
      const broken = { tookMs: 0, events: [word], failure: new ChatError('overloaded', { retryAfterSeconds: 1 }) };
      const { steps, failure: thrown } = await askThrough([busy, broken], 0);
      expect(steps).toEqual(['ask', 'reply-waiting', 'sleep', 'ask', word.type]);
      expect(thrown).toBe(broken.failure);
    },
  );
});
