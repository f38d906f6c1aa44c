import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scheduleFrame } from './frame-scheduler';

let frames: Map<number, () => void>;

/** Draws the next frame, if anybody waits for it. */
function drawFrame(): void {
  for (const [id, callback] of frames) {
    frames.delete(id);
    callback();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  frames = new Map();
  let ids = 0;
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    ids += 1;
    frames.set(ids, callback);
    return ids;
  });
  vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.delete(id));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('scheduleFrame', () => {
  it('calls back once, with the frame', () => {
    const callback = vi.fn();
    scheduleFrame(callback);
    drawFrame();
    expect(callback).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1000);
    expect(callback).toHaveBeenCalledOnce();
  });

  it('calls back once, a little later, where no frame is drawn', () => {
    const callback = vi.fn();
    scheduleFrame(callback);
    vi.advanceTimersByTime(99);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    drawFrame();
    expect(callback).toHaveBeenCalledOnce();
  });

  it('never calls back when it was called off', () => {
    const callback = vi.fn();
    scheduleFrame(callback)();
    drawFrame();
    vi.advanceTimersByTime(1000);
    expect(callback).not.toHaveBeenCalled();
  });
});
