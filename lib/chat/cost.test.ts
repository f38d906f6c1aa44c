import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usage } from '@/lib/protocol/reply-event';
import type { ReplyEnd } from './chat-state';
import { contextUse, costOf, formatCost, totalCost } from './cost';
import { pricesOf } from './prices';

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
const COUNTS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
const MODELS = ['claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-opus-5-5', 'claude-fable-5-2', 'claude-haiku-4-5'];

const tokens = fc.nat({ max: 2_000_000 });
const anyUsage = fc.record({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
});
const costIn = (usage: Usage, model: string) => costOf(usage, model) ?? expect.fail(`no prices for ${model}`);

describe('the cost of a reply', () => {
  // Worked out by hand from the price list: input, output, cache read, cache write of a million tokens each.
  it.each([
    ['claude-sonnet-5-5', [2, 10, 0.1, 2.5]],
    ['claude-opus-5-5', [4, 20, 0.2, 5]],
    ['claude-fable-5-2', [8, 40, 0.2, 10]],
    ['claude-sonnet-4-6', [3, 15, 0.3, 3.75]],
    ['claude-opus-4-8', [5, 25, 0.5, 6.25]],
    ['claude-haiku-4-5', [1, 5, 0.1, 1.25]],
    ['claude-haiku-4-5-20251001', [1, 5, 0.1, 1.25]],
  ] as const)('of %s is what a million tokens of each kind cost', (model, prices) => {
    expect(COUNTS.map((count) => costIn({ ...NOTHING, [count]: 1_000_000 }, model))).toEqual(prices);
  });

  it('is the sum over the kinds of tokens; thinking is a part of the output', () => {
    const usage = { inputTokens: 100, outputTokens: 200, cacheReadTokens: 3000, cacheWriteTokens: 400 };
    expect(costIn(usage, 'claude-sonnet-5-5')).toBeCloseTo(0.0002 + 0.002 + 0.0003 + 0.001, 12);
    expect(costIn({ ...usage, thinkingTokens: 150 }, 'claude-sonnet-5-5')).toBe(costIn(usage, 'claude-sonnet-5-5'));
  });

  it('of Haiku 5.5 is higher for the whole of a request whose prompt is long, the cache included', () => {
    const prompt = { inputTokens: 20_000, cacheReadTokens: 50_000, cacheWriteTokens: 30_000, outputTokens: 1000 };
    expect(costIn(prompt, 'claude-haiku-5-5')).toBeCloseTo(0.002 + 0.0005 + 0.00375 + 0.0005, 12);
    const longer = { ...prompt, cacheReadTokens: 50_001 };
    expect(costIn(longer, 'claude-haiku-5-5')).toBeCloseTo(0.01 + 0.00250005 + 0.01875 + 0.0025, 12);
  });

  it('does not depend on how long the answer is', () => {
    const answer = { ...NOTHING, outputTokens: 128_000 };
    expect(costIn(answer, 'claude-haiku-5-5')).toBeCloseTo(0.064, 12);
  });

  it.each(['qwen3:8b', '', 'claude-unheard-of', 'toString'])('is not known for %s', (model) => {
    expect(costOf(NOTHING, model)).toBeNull();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('is not known for %d tokens', (count) => {
    for (const name of COUNTS) expect(costOf({ ...NOTHING, [name]: count }, 'claude-sonnet-5-5')).toBeNull();
  });

  it('never falls when a count rises', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        anyUsage,
        fc.constantFrom(...COUNTS),
        tokens,
        (model, usage, count, more) => {
          expect(costIn({ ...usage, [count]: usage[count] + more }, model)).toBeGreaterThanOrEqual(
            costIn(usage, model),
          );
        },
      ),
    );
  });
});

describe('prices', () => {
  it('are positive, and a cached token is cheaper than a new one, which is cheaper than one to be cached', () => {
    for (const model of MODELS) {
      const list = pricesOf(model) ?? expect.fail(model);
      for (const { input, output, cacheRead, cacheWrite } of [list, ...(list.longPrompt ? [list.longPrompt] : [])]) {
        expect(cacheRead).toBeGreaterThan(0);
        expect(cacheRead).toBeLessThan(input);
        expect(cacheWrite).toBeCloseTo(input * 1.25, 12);
        expect(output).toBe(input * 5);
      }
    }
  });
});

describe('the cost of several replies', () => {
  it('is their sum, and says when a part of it is not known', () => {
    expect(totalCost([0.5, 0.25])).toEqual({ usd: 0.75, isWhole: true });
    expect(totalCost([0.5, null])).toEqual({ usd: 0.5, isWhole: false });
    expect(totalCost([])).toEqual({ usd: 0, isWhole: true });
  });

  it('is a number, and never less than that of a part of them', () => {
    const cost = fc
      .tuple(anyUsage, fc.constantFrom(...MODELS, 'unknown'))
      .map(([usage, model]) => costOf(usage, model));
    fc.assert(
      fc.property(fc.array(cost), cost, (costs, more) => {
        const { usd } = totalCost(costs);
        expect(usd).toBeGreaterThanOrEqual(0);
        expect(totalCost([...costs, more]).usd).toBeGreaterThanOrEqual(usd);
      }),
    );
  });
});

describe('a cost for a person', () => {
  it.each([
    [0, '$0.00'],
    [0.00000001, '< $0.0001'],
    [0.00009999, '< $0.0001'],
    [0.0001, '$0.0001'],
    [0.00314, '$0.0031'],
    [0.01, '$0.01'],
    [0.0123, '$0.0123'],
    [0.05, '$0.05'],
    [0.1234, '$0.12'],
    [1.5, '$1.50'],
    [1234.567, '$1,234.57'],
  ])('of %d is %s', (usd, words) => {
    expect(formatCost(usd)).toBe(words);
  });

  it('is never nothing where something was paid', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: 1e6, noNaN: true }), (usd) => {
        expect(formatCost(usd)).toMatch(/[1-9]/);
      }),
    );
  });
});

describe('the use of the context', () => {
  const question = { role: 'user' } as const;
  const answer = (end: ReplyEnd) => ({ role: 'assistant', end }) as const;
  const complete = (usage: Usage, stopReason = 'end_turn') =>
    answer({ status: 'complete', stopReason, usage, timing: { firstTokenMs: 1, totalMs: 2 } });
  const small = { ...NOTHING, inputTokens: 100, outputTokens: 50 };
  const large = { inputTokens: 10, outputTokens: 300, cacheReadTokens: 400, cacheWriteTokens: 90, thinkingTokens: 200 };

  it('is that of the last complete answer and its prompt, without the thinking, which does not go back', () => {
    const messages = [question, complete(small), question, complete(large), question];
    expect(contextUse(messages, 1000)).toEqual({ tokens: 600, share: 0.6 });
  });

  it.each([
    ['was stopped', answer({ status: 'stopped', usage: large })],
    ['was refused', complete(large, 'refusal')],
  ])('passes over an answer that %s', (_how, last) => {
    expect(contextUse([question, complete(small), question, last], 1000)).toEqual({ tokens: 150, share: 0.15 });
  });

  it('is not known before the first answer, for a context without a size, or from a usage that makes no sense', () => {
    expect(contextUse([question], 1000)).toBeNull();
    expect(contextUse([question, complete(small)], 0)).toBeNull();
    expect(contextUse([question, complete({ ...small, inputTokens: Number.NaN })], 1000)).toBeNull();
  });

  it('may be more than there is', () => {
    expect(contextUse([question, complete(large)], 300)?.share).toBe(2);
  });
});
