import { describe, expect, it, vi } from 'vitest';
import { settle } from './clock.fixture';
import type { SummaryOutcome } from './summarize';
import { createSummaryRuns } from './summary-run';

const TO_SUM_UP = { messages: [], title: undefined, model: { id: 'm', contextTokens: 1 } };

/** Runs whose summaries end when the test says so. */
function createWorld() {
  const written: { readonly signal: AbortSignal; readonly end: (outcome: SummaryOutcome | null) => void }[] = [];
  const runs = createSummaryRuns(
    async () => (_conversation, signal) => new Promise((end) => written.push({ signal, end })),
  );
  const listener = vi.fn();
  runs.subscribe(listener);
  return { runs, written, listener };
}

describe('the summary of a chat', () => {
  it.each<[SummaryOutcome, object]>([
    [{ draft: 'Sum.' }, { name: 'written', chatId: 'a', draft: 'Sum.' }],
    [{ problem: 'No.' }, { name: 'failed', chatId: 'a', problem: 'No.' }],
  ])('is written, and then it is %j', async (outcome, run) => {
    const { runs, written, listener } = createWorld();
    const isOver = runs.start('a', TO_SUM_UP);
    expect(runs.getSnapshot()).toEqual({ name: 'writing', chatId: 'a' });
    await settle();
    written[0]?.end(outcome);
    await isOver;
    expect(runs.getSnapshot()).toEqual(run);
    expect(listener).toHaveBeenCalled();
  });

  it('is asked for once, however often it is wanted meanwhile', async () => {
    const { runs, written } = createWorld();
    void runs.start('a', TO_SUM_UP);
    await runs.start('a', TO_SUM_UP);
    await settle();
    expect(written).toHaveLength(1);
  });

  it('is given up when it is cleared, and nothing comes of it', async () => {
    const { runs, written } = createWorld();
    const isOver = runs.start('a', TO_SUM_UP);
    await settle();
    runs.clear();
    expect(written[0]?.signal.aborted).toBe(true);
    written[0]?.end({ draft: 'Late.' });
    await isOver;
    expect(runs.getSnapshot()).toBeNull();
  });

  it('is given up for that of another chat', async () => {
    const { runs, written } = createWorld();
    const isOver = runs.start('a', TO_SUM_UP);
    await settle();
    void runs.start('b', TO_SUM_UP);
    written[0]?.end(null);
    await isOver;
    expect(runs.getSnapshot()).toEqual({ name: 'writing', chatId: 'b' });
  });

  it('fails with a sentence where its code cannot be loaded', async () => {
    const runs = createSummaryRuns(() => Promise.reject(new TypeError('Failed to fetch')));
    await runs.start('a', TO_SUM_UP);
    expect(runs.getSnapshot()).toMatchObject({ name: 'failed', problem: expect.stringContaining('not be loaded') });
  });
});
