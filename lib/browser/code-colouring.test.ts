import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { CodeStage, standInGrammar, toGroups } from './code.fixture';
import { StuckCodeError } from './code-highlighter';

const linesOf = (text: string) => toGroups(text).flat();
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}\n`).join('');

const texts = fc
  .array(fc.constantFrom('', 'a', 'if (b) {', '}', '/* c', '*/', 'd'.repeat(40)), { maxLength: 120 })
  .map((lines) => lines.join('\n'));

describe('a block that grows', () => {
  it('has each complete line coloured once and in order, however it arrives', async () => {
    const cuts = fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), waitMs: fc.nat(300) }));
    await fc.assert(
      fc.asyncProperty(texts, cuts, async (text, steps) => {
        const stage = new CodeStage();
        for (const { share, waitMs } of steps.toSorted((one, other) => one.share - other.share)) {
          stage.show(text.slice(0, Math.floor(share * text.length)), true);
          await stage.clock.pass(waitMs);
        }
        stage.show(text, false);
        await stage.finish();
        const lines = linesOf(text);
        expect(stage.asked).toEqual(lines.length > 0 ? [lines] : []);
        expect(stage.colours).toEqual(standInGrammar()(lines));
      }),
      { numRuns: 200 },
    );
  });

  it('leaves its last line alone until another follows, or it ends', async () => {
    const stage = new CodeStage();
    stage.show('one\ntw', true);
    await stage.finish();
    stage.show('one\ntwo\n', true);
    await stage.finish();
    expect(stage.asked).toEqual([['one\n']]);
    stage.show('one\ntwo\n', false);
    await stage.finish();
    expect(stage.asked).toEqual([['one\n', 'two\n']]);
  });

  it('keeps the colours of a line as they are once made', async () => {
    const stage = new CodeStage();
    stage.show(numbered(40), true);
    await stage.finish();
    const [settled, before] = [stage.colouring.of(0), stage.colours];
    stage.show(numbered(60), true);
    await stage.finish();
    expect(stage.colouring.of(0)).toBe(settled);
    expect(stage.colours.slice(0, 39).every((colours, at) => colours === before[at])).toBe(true);
    expect(stage.colours).toHaveLength(59);
  });

  it('is told of as lines are coloured, until nobody listens', async () => {
    const stage = new CodeStage();
    const listener = vi.fn();
    const leave = stage.colouring.subscribe(listener);
    stage.show(numbered(64), false);
    await stage.finish();
    expect(listener).toHaveBeenCalledTimes(2);
    leave();
    stage.show(numbered(70), false);
    await stage.finish();
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('a block that is changed rather than added to', () => {
  it('keeps the colours up to the change, and is gone through again', async () => {
    const stage = new CodeStage();
    stage.show('one\ntwo\nth', false);
    await stage.finish();
    const [one, two] = stage.colours;
    stage.show('one\ntwo\nthree\nfour', false);
    expect(stage.colours).toEqual([one, two]);
    await stage.finish();
    expect(stage.colours[1]).toBe(two);
    expect(stage.colours).toEqual(standInGrammar()(linesOf('one\ntwo\nthree\nfour')));
    expect([stage.asked.length, stage.closed]).toEqual([2, 1]);
  });

  it('does not mix up an answer to the text before', async () => {
    const stage = new CodeStage();
    stage.show('one\n', false);
    stage.show('other\n', false);
    await stage.finish();
    expect(stage.colours).toEqual(standInGrammar()(['other\n']));
  });
});

describe('the time that colours take', () => {
  it('is that of pauses long enough to draw a group', async () => {
    const stage = new CodeStage();
    stage.pauseMs = 4;
    stage.show(numbered(40), false);
    await stage.clock.pass(20);
    expect([stage.colours.length, stage.pauses > 10]).toEqual([0, true]);
    stage.pauseMs = 6;
    await stage.clock.pass(1);
    expect(stage.colours).toHaveLength(32);
    await stage.clock.pass(1);
    expect(stage.colours).toHaveLength(40);
  });

  it('is taken all the same from a page that never pauses', async () => {
    const stage = new CodeStage();
    Object.assign(stage, { pauseMs: 0, isForced: true });
    stage.show(numbered(3), false);
    await stage.finish();
    expect(stage.colours).toHaveLength(3);
  });

  it('is not spent on lines that come one by one in quick succession', async () => {
    const stage = new CodeStage();
    for (let count = 2; count < 30; count += 1) {
      stage.show(numbered(count), true);
      await stage.clock.pass(10);
    }
    expect(stage.pauses).toBeLessThan(5);
  });
});

describe('what is too long', () => {
  it('keeps a line as it is, and colours what follows', async () => {
    const stage = new CodeStage();
    const long = `${'x'.repeat(1000)}\n`;
    stage.show(`one\n${long}two\n`, false);
    await stage.finish();
    expect(stage.asked).toEqual([['one\n', '\n', 'two\n']]);
  });

  it('keeps the lines behind the first five thousand as they are', async () => {
    const stage = new CodeStage();
    stage.show(numbered(5100), true);
    await stage.finish();
    stage.show(numbered(5200), false);
    await stage.finish();
    expect([stage.asked[0]?.length, stage.colours.length]).toEqual([5000, 5000]);
  });
});

describe('a failure', () => {
  it('leaves the text without colours, and is tried again later', async () => {
    const stage = new CodeStage();
    stage.failure = new Error('offline');
    stage.show('one\n', false);
    await stage.clock.pass(1999);
    expect(stage.asked).toHaveLength(1);
    stage.failure = null;
    await stage.clock.pass(10);
    expect(stage.colours).toEqual(standInGrammar()(['one\n']));
    expect([stage.asked.length, stage.closed, stage.clock.size]).toEqual([2, 1, 1]);
  });

  it('in the middle keeps the colours that are there', async () => {
    const stage = new CodeStage();
    stage.show(numbered(40), true);
    await stage.finish();
    const [first] = stage.colours;
    stage.failure = new Error('gone');
    stage.show(numbered(45), false);
    await stage.clock.pass(200);
    stage.failure = null;
    await stage.clock.pass(5000);
    expect(stage.colours[0]).toBe(first);
    expect(stage.colours).toEqual(standInGrammar()(linesOf(numbered(45))));
  });

  it('that stays is given up after some tries', async () => {
    const stage = new CodeStage();
    stage.failure = new Error('offline');
    stage.show('one\n', false);
    await stage.clock.pass(3_600_000);
    expect([stage.asked.length, stage.clock.size]).toEqual([6, 0]);
  });

  it('is final where the code itself is to blame', async () => {
    const stage = new CodeStage();
    stage.failure = new StuckCodeError();
    stage.show('one\n', false);
    await stage.clock.pass(3_600_000);
    stage.show('one\ntwo\n', false);
    await stage.finish();
    expect(stage.asked).toHaveLength(1);
  });
});

describe('a block that leaves the page', () => {
  it('waits for nothing and asks for nothing, until it is back', async () => {
    const stage = new CodeStage();
    stage.show(numbered(100), false);
    await stage.clock.pass(1);
    const { length } = stage.colours;
    stage.colouring.close();
    await stage.clock.pass(1000);
    expect([stage.colours.length, stage.clock.size, stage.closed]).toEqual([length, 0, 1]);
    stage.show(numbered(100), false);
    await stage.finish();
    expect(stage.colours).toEqual(standInGrammar()(linesOf(numbered(100))));
  });
});
