import { describe, expect, it } from 'vitest';
import type { ChatError } from '@/lib/protocol/chat-error';
import { type Schedule, startWatchdog } from './watchdog';

const LIMITS = { firstByteMs: 60, stallMs: 30, replyMs: 900 };

/** A clock that runs by hand, and a watchdog on it. */
function watch() {
  const stop = new AbortController();
  const timers = new Set<{ dueMs: number; callback: () => void }>();
  let nowMs = 0;
  const schedule: Schedule = (callback, delayMs) => {
    const timer = { dueMs: nowMs + delayMs, callback };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const watchdog = startWatchdog(stop, LIMITS, schedule);
  return {
    watchdog,
    timers,
    pass: (ms: number) => {
      nowMs += ms;
      for (const timer of timers) {
        if (timer.dueMs <= nowMs && timers.delete(timer)) timer.callback();
      }
    },
    why: () => (stop.signal.reason as ChatError | undefined)?.code,
  };
}

describe('the watchdog', () => {
  it.each([
    ['first-byte', LIMITS.firstByteMs, 'first_byte_timeout'],
    ['next-byte', LIMITS.stallMs, 'stalled'],
  ] as const)('lets nobody wait for the %s longer than %i ms', (what, limitMs, code) => {
    const { watchdog, pass, why } = watch();
    watchdog.expect(what);
    pass(limitMs - 1);
    expect(why()).toBeUndefined();
    pass(1);
    expect(why()).toBe(code);
  });

  it('measures each wait from its own beginning', () => {
    const { watchdog, pass, why } = watch();
    watchdog.expect('first-byte');
    pass(59);
    watchdog.expect('next-byte');
    pass(29);
    watchdog.expect('next-byte');
    pass(29);
    expect(why()).toBeUndefined();
  });

  it('does not count while it rests, except for the whole reply', () => {
    const { watchdog, pass, why } = watch();
    watchdog.expect('next-byte');
    watchdog.rest();
    pass(LIMITS.replyMs - 1);
    expect(why()).toBeUndefined();
    pass(1);
    expect(why()).toBe('reply_timeout');
  });

  it('leaves no timer behind when it ends', () => {
    const { watchdog, timers, pass, why } = watch();
    watchdog.expect('first-byte');
    watchdog.end();
    expect(timers.size).toBe(0);
    pass(10_000);
    expect(why()).toBeUndefined();
  });
});
