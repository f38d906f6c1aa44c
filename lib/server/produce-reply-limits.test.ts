import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '@/lib/protocol/chat-error';
import type { AskClaude } from './claude';
import { type Arrival, collect, END, overloaded, playing, reply, silentAfter, text, typesOf } from './reply.fixture';

/** A Claude of which the same arrives every 10 seconds, until the signal aborts. */
function every10Seconds(arrival: Arrival): AskClaude {
  return async function* (_call, signal, onBytes = () => {}) {
    while (!signal.aborted) {
      onBytes();
      if (arrival !== 'bytes') yield arrival;
      await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
    signal.throwIfAborted();
  };
}

/** All but `setImmediate`, with which the watchdog lets one real turn of the event loop pass. */
function stopTheClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
}

/** Lets time pass, and then everything happen that waits for nothing but its turn. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a reply whose wait is too long', () => {
  it.each<[ErrorCode, AskClaude, number]>([
    ['first_byte_timeout', silentAfter(), 60_000],
    ['stalled', silentAfter('bytes'), 30_000],
    ['stalled', silentAfter(text('Hi')), 30_000],
  ])('ends with %s and not sooner', async (code, ask, limitMs) => {
    stopTheClock();
    const { events, lines } = reply(ask);
    const reading = collect(events);
    await pass(limitMs - 1);
    expect(lines).toEqual([]);
    await pass(1);
    expect((await reading).at(-1)).toMatchObject({ type: 'reply-error', error: { code } });
    expect(lines).toMatchObject([{ errorCode: code }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for the first byte, not for the next one, when there are only headers', async () => {
    stopTheClock();
    const { events } = reply(silentAfter({ type: 'accepted', upstreamRequestId: undefined }));
    const reading = collect(events);
    await pass(60_000);
    expect((await reading).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'first_byte_timeout' } });
  });

  it.each<[ErrorCode, string, number, AskClaude]>([
    ['stalled', 'Claude sends pings', 300_000, every10Seconds('bytes')],
    ['reply_timeout', 'Claude goes on writing', 900_000, every10Seconds(text('Hi'))],
  ])('ends with %s although %s, and not sooner', async (code, _what, limitMs, ask) => {
    stopTheClock();
    const { events, stop } = reply(ask);
    const reading = collect(events);
    await pass(limitMs - 1);
    expect(stop.signal.aborted).toBe(false);
    await pass(1);
    expect(stop.signal.aborted).toBe(true);
    await pass(10_000);
    expect((await reading).at(-1)).toMatchObject({ type: 'reply-error', error: { code } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not one that waits to ask again', async () => {
    stopTheClock();
    const busyOnce = playing({ arrivals: [], failure: overloaded() }, { arrivals: [END] });
    const { events } = reply(busyOnce, async () => {
      await pass(600_000);
    });
    expect(typesOf(await collect(events))).toEqual(['reply-start', 'reply-waiting', 'reply-end']);
  });

  it('is logged by its limit, whatever breaks on the way', async () => {
    stopTheClock();
    const { events, lines } = reply(async function* (call, signal) {
      try {
        yield* silentAfter(text('Hi'))(call, signal);
      } finally {
        // As the body of a connection that was closed does when it is left.
        await Promise.reject(new TypeError('terminated'));
      }
    });
    const reading = collect(events);
    await pass(30_000);
    expect((await reading).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'stalled' } });
    expect(lines).toMatchObject([{ outcome: 'interrupted', errorCode: 'stalled' }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not one whose events are taken slowly', async () => {
    stopTheClock();
    const { events, stop } = reply(playing({ arrivals: [text('Hi'), END] }));
    await events.next();
    await events.next();
    await pass(800_000);
    expect(stop.signal.aborted).toBe(false);
    expect(await events.next()).toMatchObject({ value: { type: 'reply-end' } });
  });
});
