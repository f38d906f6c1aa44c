import { describe, expect, it, vi } from 'vitest';
import { standInForPage } from './page.fixture';
import { onReturn } from './return-signals';

const stand = standInForPage();

/** Everything that says that the tab is back, one after another. */
function comeBack(): void {
  stand.page.dispatchEvent(new Event('online'));
  stand.page.dispatchEvent(new Event('pageshow'));
  stand.shown.dispatchEvent(new Event('visibilitychange'));
  stand.shown.dispatchEvent(new Event('resume'));
}

describe('a tab', () => {
  it('is back with the network, with its page, when it is looked at, and when it is woken up', () => {
    const callback = vi.fn();
    onReturn(callback);
    comeBack();
    expect(callback).toHaveBeenCalledTimes(4);
  });

  it('is not back when it is looked at no more', () => {
    const callback = vi.fn();
    onReturn(callback);
    stand.shown.visibilityState = 'hidden';
    stand.shown.dispatchEvent(new Event('visibilitychange'));
    expect(callback).not.toHaveBeenCalled();
  });

  it('was asleep where its clock jumps, and not where a timer is a little late', () => {
    const callback = vi.fn();
    onReturn(callback);
    vi.setSystemTime(Date.now() + 3900);
    vi.advanceTimersByTime(1000);
    expect(callback).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 4100);
    vi.advanceTimersByTime(1000);
    expect(callback).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(60_000);
    expect(callback).toHaveBeenCalledOnce();
  });

  it('is listened to no more after leaving', () => {
    const callback = vi.fn();
    const leave = onReturn(callback);
    leave();
    comeBack();
    expect([callback.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
