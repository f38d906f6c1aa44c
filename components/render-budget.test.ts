import { describe, expect, it } from 'vitest';
import { RenderBudget } from './render-budget';

/** What the budget allows for one drawing, in milliseconds. */
const allowedMs = (chars: number) => 16 + chars / 16;

/** A budget on a clock that runs only while something is drawn, and the sizes of what was. */
function budgetFor(costMs: (chars: number) => number) {
  const drawnChars: number[] = [];
  let nowMs = 0;
  const budget = new RenderBudget(() => nowMs);
  const render = (chars: number) =>
    budget.render('x'.repeat(chars), (text) => {
      drawnChars.push(text.length);
      nowMs += costMs(text.length);
      return `${text.length} drawn`;
    });
  return { render, drawnChars };
}

/** The sizes of a text that grows as an answer does. */
const growingTo = (chars: number) => Array.from({ length: Math.ceil(chars / 100) }, (_, at) => (at + 1) * 100);

describe('the render budget', () => {
  it('draws an answer for ever whose cost grows with its size', () => {
    const { render } = budgetFor(allowedMs);
    for (const chars of growingTo(100_000)) expect(render(chars)).toBe(`${chars} drawn`);
  });

  it('is not spent by a machine that was busy for a moment', () => {
    let isBusy = false;
    const { render } = budgetFor((chars) => allowedMs(chars) + (isBusy ? 990 : 0));
    render(500);
    isBusy = true;
    expect(render(600)).toBe('600 drawn');
    isBusy = false;
    for (const chars of growingTo(20_000)) expect(render(chars)).toBe(`${chars} drawn`);
  });

  it('is spent by moments that do not end', () => {
    const { render, drawnChars } = budgetFor((chars) => allowedMs(chars) + 100);
    for (const chars of growingTo(2000)) render(chars);
    expect(drawnChars).toHaveLength(10);
  });

  it('is spent by a cost that grows with the square of the size, soon and for ever', () => {
    const { render, drawnChars } = budgetFor((chars) => chars ** 2 / 5000);
    const results = growingTo(20_000).map(render);
    const gaveUpAt = results.indexOf(null);
    expect(gaveUpAt).toBeGreaterThan(0);
    expect(results.slice(gaveUpAt).every((result) => result === null)).toBe(true);
    expect(drawnChars.at(-1)).toBeLessThan(4000);
  });

  it('gives nothing for the drawing that spends it', () => {
    const { render } = budgetFor((chars) => allowedMs(chars) + 1000);
    expect(render(100)).toBeNull();
  });

  it('does not grow by drawings that cost nothing', () => {
    let costMs = 0;
    const { render } = budgetFor(() => costMs);
    for (const chars of growingTo(2000)) render(chars);
    costMs = allowedMs(2000) + 1000;
    expect(render(2000)).toBeNull();
  });

  it('is spent by a drawing that throws, for any text that comes later', () => {
    const budget = new RenderBudget(() => 0);
    const tried: string[] = [];
    const draw = (text: string) => {
      tried.push(text);
      if (text === 'too deep') throw new RangeError('Maximum call stack size exceeded');
      return text;
    };
    expect(['fine', 'too deep', 'fine'].map((text) => budget.render(text, draw))).toEqual(['fine', null, null]);
    expect(tried).toEqual(['fine', 'too deep']);
  });
});

describe('a long text that comes all at once', () => {
  it('is drawn in parts first, each twice the size of the last one', () => {
    const { render, drawnChars } = budgetFor(() => 0);
    expect(render(20_000)).toBe('20000 drawn');
    expect(drawnChars).toEqual([2048, 4096, 8192, 16_384, 20_000]);
  });

  it('is given up after few characters where it would take minutes', () => {
    let spentMs = 0;
    const { render, drawnChars } = budgetFor((chars) => {
      const costMs = chars ** 2 / 20_000;
      spentMs += costMs;
      return costMs;
    });
    expect(render(1_000_000)).toBeNull();
    expect(drawnChars).toEqual([2048, 4096, 8192]);
    expect(spentMs).toBeLessThan(5000);
  });

  it('is given up at the part that throws', () => {
    const budget = new RenderBudget(() => 0);
    const drawnChars: number[] = [];
    const result = budget.render('x'.repeat(100_000), (text) => {
      drawnChars.push(text.length);
      if (text.length > 4000) throw new RangeError('Maximum call stack size exceeded');
      return text;
    });
    expect(result).toBeNull();
    expect(drawnChars).toEqual([2048, 4096]);
  });
});

describe('a text that grows as an answer does', () => {
  it('is never drawn in parts', () => {
    const { render, drawnChars } = budgetFor(() => 0);
    const sizes = growingTo(50_000);
    for (const chars of sizes) render(chars);
    expect(drawnChars).toEqual(sizes);
  });

  it('may double between two drawings, and become shorter again', () => {
    const { render, drawnChars } = budgetFor(() => 0);
    for (const chars of [2000, 4000, 8000, 3000, 8000]) render(chars);
    expect(drawnChars).toEqual([2000, 4000, 8000, 3000, 8000]);
  });
});
