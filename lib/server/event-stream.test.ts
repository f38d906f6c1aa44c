import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeEvent, HEARTBEAT_MS } from '@/lib/protocol/codec';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { eventStreamResponse, streamReply } from './event-stream';
import { HELLO, handFed, START, STOPPED, settle } from './hand-fed.fixture';
import type { Reply } from './reply';

const UNREAD_MS = 30_000;
const HEARTBEAT = ': rivulet\n\n';
const DONE = 'data: [DONE]\n\n';

const framesOf = (...events: readonly ReplyEvent[]) => events.map((event, at) => encodeEvent(at + 1, event)).join('');

/** A reader who reads when it is told to. */
function readerOf(reply: Reply, { after = 0, signal = new AbortController().signal, canReturn = true } = {}) {
  const reader = streamReply(reply, { after, signal, canReturn }).getReader();
  return {
    read: async () => new TextDecoder().decode((await reader.read()).value),
    readAll: async () => {
      let text = '';
      for (let next = await reader.read(); next.value; next = await reader.read()) {
        text += new TextDecoder().decode(next.value);
      }
      return text;
    },
    cancel: () => reader.cancel(),
    closed: reader.closed,
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the stream of a reply', () => {
  it('is a comment, the events numbered without gaps, and [DONE]', async () => {
    const { reply, say } = handFed();
    say(START, HELLO, STOPPED);
    expect(await readerOf(reply).readAll()).toBe(
      [
        ': rivulet',
        'id: 1\ndata: {"type":"reply-start","replyId":"r","model":"m","resumable":true,"simulated":true}',
        'id: 2\ndata: {"type":"text-delta","text":"Hello\\nthere"}',
        'id: 3\ndata: {"type":"reply-stopped"}',
        'data: [DONE]',
        '',
      ].join('\n\n'),
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  it('begins with its comment before the reply has said anything', async () => {
    expect(await readerOf(handFed().reply).read()).toBe(HEARTBEAT);
  });

  it('gives a reader who waits each event once, when it happens', async () => {
    const { reply, say } = handFed();
    const { read, readAll } = readerOf(reply);
    await read();
    for (const [at, event] of [START, HELLO, HELLO].entries()) {
      const next = read();
      await settle();
      say(event);
      expect(await next).toBe(encodeEvent(at + 1, event));
    }
    const rest = readAll();
    await settle();
    say(STOPPED);
    expect(await rest).toBe(encodeEvent(4, STOPPED) + DONE);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([0, 1, 2, 3])('goes on behind event %i', async (after) => {
    const { reply, say } = handFed();
    say(START, HELLO, STOPPED);
    const frames = [START, HELLO, STOPPED].map((event, at) => encodeEvent(at + 1, event)).slice(after);
    expect(await readerOf(reply, { after }).readAll()).toBe(HEARTBEAT + frames.join('') + DONE);
  });

  it('tells proxies not to hold it back', () => {
    expect(Object.fromEntries(eventStreamResponse(new ReadableStream()).headers)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });
});

describe('the heartbeat', () => {
  it('comes as often as a browser expects it while the reply is silent', async () => {
    const { reply, say } = handFed();
    say(START);
    const { read } = readerOf(reply);
    expect(await read()).toBe(HEARTBEAT);
    expect(await read()).toContain('reply-start');
    for (let beat = 1; beat <= 3; beat += 1) {
      const next = read();
      vi.advanceTimersByTime(HEARTBEAT_MS);
      expect(await next).toBe(HEARTBEAT);
    }
  });

  it('does not pile up where nobody reads', async () => {
    const { reply, say } = handFed();
    const { read } = readerOf(reply);
    vi.advanceTimersByTime(UNREAD_MS);
    expect(await read()).toBe(HEARTBEAT);
    say(START);
    expect(await read()).toContain('reply-start');
  });
});

describe('a reader who does not read', () => {
  it('makes the server hold no more than one piece of it: what waits, waits in the log', async () => {
    const { reply, say } = handFed();
    const events = [START, ...Array.from({ length: 700 }, () => HELLO)];
    const { read } = readerOf(reply);
    await read();
    await settle();
    for (const event of events) say(event);
    expect(await read()).toBe(framesOf(START));
    expect(await read()).toBe(framesOf(...events.slice(0, 501)).slice(framesOf(START).length));
    expect(await read()).toBe(framesOf(...events).slice(framesOf(...events.slice(0, 501)).length));
  });

  it('is given up when news have waited for 30 seconds, and can come back to all of it', async () => {
    const { reply, say, clock, ends } = handFed();
    const { closed } = readerOf(reply);
    say(START, HELLO);
    vi.advanceTimersByTime(UNREAD_MS - 1);
    expect(clock.size).toBe(0);
    vi.advanceTimersByTime(1);
    await expect(closed).rejects.toMatchObject({ code: 'connection_lost' });
    expect(clock.size).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    const { readAll } = readerOf(reply);
    say(STOPPED);
    expect(await readAll()).toBe(HEARTBEAT + framesOf(START, HELLO, STOPPED) + DONE);
    expect(ends).toEqual([]);
  });

  it('is not given up while it reads, however slowly', async () => {
    const { reply, say } = handFed();
    const { read } = readerOf(reply);
    await read();
    for (let count = 0; count < 10; count += 1) {
      say(HELLO, HELLO);
      vi.advanceTimersByTime(UNREAD_MS - 1);
      expect(await read()).toContain('Hello');
      await settle();
    }
  });

  it('is given up also where the reply has ended long ago', async () => {
    const { reply, say } = handFed();
    say(START, STOPPED);
    const { closed } = readerOf(reply);
    vi.advanceTimersByTime(HEARTBEAT_MS + UNREAD_MS);
    await expect(closed).rejects.toMatchObject({ code: 'connection_lost' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes nothing from one who does', async () => {
    const { reply, say } = handFed();
    readerOf(reply).closed.catch(() => {});
    const { readAll } = readerOf(reply);
    const reading = readAll();
    await settle();
    say(START);
    vi.advanceTimersByTime(UNREAD_MS);
    await settle();
    say(STOPPED);
    expect((await reading).replaceAll(HEARTBEAT, '')).toBe(framesOf(START, STOPPED) + DONE);
  });
});

describe('a reader who leaves', () => {
  it.each(['by cancelling', 'by a signal', 'by a signal before it came'])(
    'is waited for, and nothing is done for it any more: %s',
    async (how) => {
      const { reply, say, clock, ends } = handFed();
      const leaving = new AbortController();
      if (how === 'by a signal before it came') leaving.abort();
      const { cancel } = readerOf(reply, { signal: leaving.signal });
      say(START);
      if (how === 'by a signal') leaving.abort();
      else await cancel();
      expect(clock.size).toBe(1);
      expect(vi.getTimerCount()).toBe(0);
      say(HELLO);
      clock.pass(30_000);
      expect(ends).toEqual(['reader_left']);
    },
  );

  it('and cannot come back is not waited for', async () => {
    const { reply, say, ends } = handFed();
    const { cancel } = readerOf(reply, { canReturn: false });
    say(START);
    await cancel();
    expect(ends).toEqual(['reader_left']);
  });

  it('is told once that a newer one has taken its place', async () => {
    const { reply, say, clock } = handFed({ maxReaders: 1 });
    const older = readerOf(reply);
    const newer = readerOf(reply);
    await expect(older.closed).rejects.toMatchObject({ code: 'connection_lost' });
    expect(clock.size).toBe(0);
    say(STOPPED);
    expect(await newer.readAll()).toContain('reply-stopped');
    expect(vi.getTimerCount()).toBe(0);
  });
});
