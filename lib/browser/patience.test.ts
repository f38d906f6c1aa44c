import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { standInForPage } from './page.fixture';
import { retryDelayMs, waitOrReturn } from './patience';

const stand = standInForPage();

describe('the delay before the next try', () => {
  it('doubles up to a limit, and its second half is random', () => {
    const delays = (random: number) => [1, 2, 3, 6, 7, 50].map((failures) => retryDelayMs(failures, random));
    expect(delays(1)).toEqual([250, 500, 1000, 8000, 8000, 8000]);
    expect(delays(0)).toEqual([125, 250, 500, 4000, 4000, 4000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const delay = retryDelayMs(failures, random);
        expect(delay).toBeGreaterThanOrEqual(125);
        expect(delay).toBeLessThanOrEqual(8000);
      }),
    );
  });
});

describe('waiting', () => {
  const watch = (signal: AbortSignal) => {
    const ended = vi.fn();
    void waitOrReturn(3000, signal).then(ended);
    return ended;
  };

  it('takes its time', async () => {
    const ended = watch(new AbortController().signal);
    await vi.advanceTimersByTimeAsync(2999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect([ended.mock.calls, vi.getTimerCount()]).toEqual([[[false]], 0]);
  });

  it('ends where the tab comes back', async () => {
    const ended = watch(new AbortController().signal);
    stand.page.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect([ended.mock.calls, vi.getTimerCount()]).toEqual([[[true]], 0]);
  });

  it('ends where it is called off, also before', async () => {
    const abort = new AbortController();
    const ended = watch(abort.signal);
    abort.abort();
    const late = watch(abort.signal);
    await vi.advanceTimersByTimeAsync(0);
    expect([ended.mock.calls, late.mock.calls, vi.getTimerCount()]).toEqual([[[false]], [[false]], 0]);
  });
});
