import { afterEach, describe, expect, it, vi } from 'vitest';
import { HEARTBEAT_MS } from '@/lib/protocol/codec';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { EVENT_STREAM_HEADERS, streamEvents } from './event-stream';

const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: true };
const HELLO: ReplyEvent = { type: 'text-delta', text: 'Hello\nthere' };
const STOPPED: ReplyEvent = { type: 'reply-stopped' };

/** A reply with these events, that tells how many were taken and whether it is over. */
function reply(...events: readonly ReplyEvent[]) {
  const state = { taken: 0, isOver: false };
  async function* produce(): AsyncGenerator<ReplyEvent, void> {
    try {
      for (const event of events) {
        state.taken += 1;
        yield event;
      }
    } finally {
      state.isOver = true;
    }
  }
  return { state, events: produce() };
}

/** A reply that waits for its stop without a word. */
function silentReply(stop: AbortController) {
  const state = { isOver: false };
  async function* produce(): AsyncGenerator<ReplyEvent, void> {
    try {
      yield START;
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
      yield STOPPED;
    } finally {
      state.isOver = true;
    }
  }
  return { state, events: produce() };
}

function readerOf(events: AsyncGenerator<ReplyEvent, void>, stop = new AbortController()) {
  const reader = streamEvents(events, stop).getReader();
  return {
    read: async () => new TextDecoder().decode((await reader.read()).value),
    cancel: () => reader.cancel(),
  };
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

describe('the stream of a reply', () => {
  it('is a comment, the events numbered without gaps, and [DONE]', async () => {
    const stream = streamEvents(reply(START, HELLO, STOPPED).events, new AbortController());
    expect(await new Response(stream).text()).toBe(
      [
        ': rivulet',
        'id: 1\ndata: {"type":"reply-start","replyId":"r","model":"m","resumable":false,"simulated":true}',
        'id: 2\ndata: {"type":"text-delta","text":"Hello\\nthere"}',
        'id: 3\ndata: {"type":"reply-stopped"}',
        'data: [DONE]',
        '',
      ].join('\n\n'),
    );
  });

  it('begins with its comment before the reply has said anything', async () => {
    const { state, events } = reply(START, STOPPED);
    const { read } = readerOf(events);
    await settle();
    expect(state.taken).toBe(0);
    expect(await read()).toBe(': rivulet\n\n');
  });

  it('takes events only as fast as they are read', async () => {
    const { state, events } = reply(START, ...Array.from({ length: 100 }, () => HELLO), STOPPED);
    const { read } = readerOf(events);
    for (let count = 1; count <= 20; count += 1) {
      await read();
      await settle();
      expect(state.taken).toBe(count);
    }
  });

  it('lets the reply end by itself after its terminal event', async () => {
    const { state, events } = reply(START, STOPPED);
    await new Response(streamEvents(events, new AbortController())).text();
    expect(state.isOver).toBe(true);
  });

  it('tells proxies not to hold it back', () => {
    expect(EVENT_STREAM_HEADERS).toEqual({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-store, no-transform',
      'X-Accel-Buffering': 'no',
      'X-Content-Type-Options': 'nosniff',
    });
  });
});

describe('the heartbeat', () => {
  it('comes as often as a browser expects it while the reply is silent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stop = new AbortController();
    const { read } = readerOf(silentReply(stop).events, stop);
    expect(await read()).toBe(': rivulet\n\n');
    expect(await read()).toContain('reply-start');
    for (let beat = 1; beat <= 3; beat += 1) {
      const next = read();
      vi.advanceTimersByTime(HEARTBEAT_MS);
      expect(await next).toBe(': rivulet\n\n');
    }
  });

  it('does not pile up where nobody reads', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stop = new AbortController();
    const { read } = readerOf(silentReply(stop).events, stop);
    vi.advanceTimersByTime(600_000);
    expect(await read()).toBe(': rivulet\n\n');
    expect(await read()).toContain('reply-start');
  });

  it('stops when the reply has ended', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await new Response(streamEvents(reply(START, STOPPED).events, new AbortController())).text();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a reader that leaves', () => {
  it('stops the reply that is waiting for Claude, and its heartbeat', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const stop = new AbortController();
    const { state, events } = silentReply(stop);
    const { read, cancel } = readerOf(events, stop);
    await read();
    await read();
    await settle();
    await cancel();
    expect(stop.signal.aborted).toBe(true);
    expect(state.isOver).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops the reply that was not yet asked for', async () => {
    const stop = new AbortController();
    const { state, events } = reply(START, STOPPED);
    const { cancel } = readerOf(events, stop);
    await cancel();
    expect(stop.signal.aborted).toBe(true);
    expect(state.taken).toBe(0);
  });
});

describe('a reply that breaks off without a terminal event', () => {
  async function* breaking(): AsyncGenerator<ReplyEvent, void> {
    yield START;
    throw new Error('a bug');
  }

  it.each([
    ['ended', reply(START).events],
    ['threw', breaking()],
  ])('ends its stream, which its reader sees as cut: it %s', { timeout: 1000 }, async (_how, events) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { read } = readerOf(events);
    await read();
    await read();
    await Promise.allSettled([read()]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a reply that a limit has ended', () => {
  it('still tells a slow reader how it ended', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const stop = new AbortController();
    const { events } = silentReply(stop);
    const { read } = readerOf(events, stop);
    await read();
    await read();
    await settle();
    stop.abort();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await read()).toContain('reply-stopped');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['before its stream was made', 'while it was read'])(
    'gives up a reader who does not read: %s',
    async (when) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
      const stop = new AbortController();
      const end = () => stop.abort(new Error('too long'));
      const { state, events } = reply(START, HELLO, STOPPED);
      if (when === 'before its stream was made') end();
      const { read } = readerOf(events, stop);
      await read();
      await settle();
      end();
      await vi.advanceTimersByTimeAsync(60_000);
      await settle();
      expect(state.isOver).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
      await expect(read()).rejects.toThrow('too long');
    },
  );

  it('still tells a reader how it ended when that was before its stream was made', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const stop = new AbortController();
    stop.abort(new Error('too long'));
    const stream = streamEvents(reply(START, STOPPED).events, stop);
    expect(await new Response(stream).text()).toContain('reply-stopped');
    expect(vi.getTimerCount()).toBe(0);
  });
});
