import { describe, expect, it } from 'vitest';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import { planRetry } from './ask-patiently';

const BUDGET_MS = 20_000;
const plan = (
  code: ErrorCode,
  { attempt = 1, spentMs = 0, random = 0.5, retryAfterSeconds = undefined as number | undefined },
) => planRetry(new ChatError(code, { retryAfterSeconds }), attempt, spentMs, () => random);

describe('planRetry', () => {
  it.each(['rate_limited', 'overloaded', 'upstream_unreachable', 'upstream_failed'] as const)(
    'waits when Claude is busy: %s',
    (reason) => {
      expect(plan(reason, {})).toEqual({ type: 'reply-waiting', reason, retryInMs: 750 });
    },
  );

  it.each([
    'request_rejected',
    'service_misconfigured',
    'model_unavailable',
    'conversation_too_long',
    'upstream_unreadable',
    'upstream_cut',
    'first_byte_timeout',
    'internal',
  ] as const)('does not wait when it cannot help: %s', (code) => {
    expect(plan(code, {})).toBeNull();
  });

  it.each([
    [1, 500, 1000],
    [2, 1000, 2000],
    [3, 2000, 4000],
    [4, 4000, 8000],
    [5, 4000, 8000],
    [100, 4000, 8000],
  ])('waits before attempt %i + 1 between %i and %i ms', (attempt, leastMs, mostMs) => {
    expect(plan('overloaded', { attempt, random: 0 })?.retryInMs).toBe(leastMs);
    expect(plan('overloaded', { attempt, random: 1 })?.retryInMs).toBe(mostMs);
  });

  it('waits as long as Claude says, whatever the attempt', () => {
    expect(plan('rate_limited', { attempt: 4, retryAfterSeconds: 3, random: 0 })?.retryInMs).toBe(3000);
  });

  it('gives up when the wait would go over the budget', () => {
    expect(plan('overloaded', { retryAfterSeconds: 20 })?.retryInMs).toBe(BUDGET_MS);
    expect(plan('overloaded', { retryAfterSeconds: 21 })).toBeNull();
    expect(plan('overloaded', { spentMs: BUDGET_MS - 1000, random: 1 })?.retryInMs).toBe(1000);
    expect(plan('overloaded', { spentMs: BUDGET_MS - 999, random: 1 })).toBeNull();
  });

  it('does not ask without a pause when Claude says to come back in 0 seconds', () => {
    expect(plan('overloaded', { retryAfterSeconds: 0, random: 0 })?.retryInMs).toBeGreaterThanOrEqual(500);
  });
});
