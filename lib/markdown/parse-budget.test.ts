import { describe, expect, it } from 'vitest';
import { ParseBudget } from './parse-budget';

/** What the budget allows for one piece of work, in milliseconds. */
const allowedMs = (chars: number) => 16 + chars / 16;

/** A budget on a clock that runs only while there is work. */
function budgetFor(costMs: (chars: number) => number) {
  let nowMs = 0;
  const budget = new ParseBudget(() => nowMs);
  const attempt = (chars: number) =>
    budget.try(chars, () => {
      nowMs += costMs(chars);
    });
  return { attempt, spentMs: () => nowMs };
}

/** The sizes of a text that grows as an answer does. */
const growingTo = (chars: number) => Array.from({ length: Math.ceil(chars / 100) }, (_, at) => (at + 1) * 100);

describe('the budget of a text', () => {
  it('lasts for ever where the cost grows with the size', () => {
    const { attempt } = budgetFor(allowedMs);
    expect(growingTo(100_000).every(attempt)).toBe(true);
  });

  it('is not spent by a machine that was busy for a moment', () => {
    let isBusy = true;
    const { attempt } = budgetFor((chars) => allowedMs(chars) + (isBusy ? 990 : 0));
    expect(attempt(600)).toBe(true);
    isBusy = false;
    expect(growingTo(20_000).every(attempt)).toBe(true);
  });

  it('is not spent by a machine that stood still while a short text was parsed', () => {
    let isStill = true;
    const { attempt } = budgetFor((chars) => allowedMs(chars) + (isStill ? 60_000 : 0));
    expect(attempt(600)).toBe(true);
    isStill = false;
    expect(growingTo(20_000).every(attempt)).toBe(true);
  });

  it('is spent by moments that do not end', () => {
    const { attempt } = budgetFor((chars) => allowedMs(chars) + 100);
    expect(growingTo(2000).map(attempt).indexOf(false)).toBe(9);
  });

  it('is spent soon by a cost that grows with the square of the size', () => {
    const { attempt } = budgetFor((chars) => chars ** 2 / 5000);
    expect(growingTo(20_000).map(attempt).indexOf(false)).toBeLessThan(40);
  });

  it('does not grow by work that costs nothing', () => {
    let costMs = 0;
    const { attempt } = budgetFor(() => costMs);
    growingTo(2000).map(attempt);
    costMs = allowedMs(2000) + 1000;
    expect(attempt(2000)).toBe(false);
  });

  it('is spent by work that throws', () => {
    const budget = new ParseBudget(() => 0);
    const overflow = () => {
      throw new RangeError('Maximum call stack size exceeded');
    };
    expect(budget.try(100, overflow)).toBe(false);
    expect(budget.try(100, () => {})).toBe(true);
  });

  it('is smaller for each block after one that has spent it: a thousand of them cost little more than two', () => {
    const { attempt, spentMs } = budgetFor((chars) => allowedMs(chars) + 50);
    for (let spent = 0; spent < 10; ) if (!attempt(100)) spent += 1;
    const before = spentMs();
    for (let spent = 0; spent < 1000; ) if (!attempt(100)) spent += 1;
    expect(before).toBeLessThan(4000);
    expect((spentMs() - before) / 1000).toBeLessThan(100);
  });
});
