import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whenIdle } from './idle';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('the next turn is as good as a pause in a browser that does not tell of pauses', () => {
  const callback = vi.fn();
  whenIdle(callback);
  whenIdle(callback)();
  expect(callback).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(callback).toHaveBeenCalledOnce();
  expect(callback.mock.lastCall?.[0]).toMatchObject({ didTimeout: true });
});

it('a pause is the browser’s, where it tells, and can be called off', () => {
  const [request, cancel] = [vi.fn(() => 7), vi.fn()];
  vi.stubGlobal('requestIdleCallback', request);
  vi.stubGlobal('cancelIdleCallback', cancel);
  const callback = vi.fn();
  whenIdle(callback)();
  expect(request).toHaveBeenCalledWith(callback, { timeout: 1000 });
  expect(cancel).toHaveBeenCalledWith(7);
});
