import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ClaudeEvent } from './claude';
import {
  ask,
  blockStart,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  read,
  respond,
  shownIn,
  textDelta,
} from './claude.fixture';

const START = messageStart();
const HI = textDelta(0, 'Hi');
/** An answer up to its stop reason. */
const TOLD = [START, HI, messageDelta('end_turn')];
const COMPLETE = { type: 'end', stopReason: 'end_turn' };

afterEach(() => {
  vi.useRealTimers();
});

/** Reads an answer until it has shown its text; the rest is still to be read. */
async function readToText(events: AsyncGenerator<ClaudeEvent, void>): Promise<void> {
  for (;;) {
    const { value } = await events.next();
    if ((value ?? expect.fail('ended without a text')).type === 'text-delta') return;
  }
}

describe('an answer that was told to end', () => {
  it('has nothing odd about it when message_stop followed', async () => {
    const { seen, failure } = await read(ask(respond([...TOLD, MESSAGE_STOP])));
    expect(failure).toBeNull();
    expect(seen.at(-1)).toMatchObject(COMPLETE);
    expect(seen.at(-1)).not.toHaveProperty('anomaly');
  });

  it.each([
    ['closes', 'closes'],
    ['breaks', new TypeError('terminated')],
  ] as const)(
    'is complete, with a note, when the connection %s before message_stop (U-eof-delta)',
    async (_how, ending) => {
      const { seen, failure } = await read(ask(respond(TOLD, ending)));
      expect(failure).toBeNull();
      expect(seen.at(-1)).toMatchObject({ ...COMPLETE, anomaly: 'no_message_stop' });
    },
  );

  it.each(['stalled', 'reply_timeout', 'restarting'] as const)(
    'is complete, with a note, when it ends with %s before message_stop',
    async (code) => {
      const stop = new AbortController();
      const events = ask(respond(TOLD, 'stays open'), stop.signal);
      await readToText(events);
      await events.next();
      const rest = read(events);
      stop.abort(new ChatError(code));
      expect(await rest).toMatchObject({ seen: [{ ...COMPLETE, anomaly: 'no_message_stop' }], failure: null });
    },
  );

  it('waits two seconds for message_stop and no longer, and closes the connection', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const onClose = vi.fn();
    const events = ask(respond(TOLD, 'stays open', onClose));
    await readToText(events);
    await events.next();
    let isOver = false;
    const rest = read(events).finally(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(1999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await rest).toMatchObject({ seen: [{ ...COMPLETE, anomaly: 'no_message_stop' }], failure: null });
    expect(onClose).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits no longer for message_stop where a proxy goes on with pings', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const pinging: typeof fetch = async (_input, init) => {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const writer = writable.getWriter();
      const write = (frames: string) => writer.write(new TextEncoder().encode(frames));
      void write(TOLD.join(''));
      const pings = setInterval(() => void write(encodeFrame('ping')), 500);
      init?.signal?.addEventListener('abort', () => {
        clearInterval(pings);
        void writer.abort(init.signal?.reason);
      });
      return new Response(readable);
    };
    const reading = read(ask(pinging));
    await vi.advanceTimersByTimeAsync(2500);
    expect(vi.getTimerCount()).toBe(0);
    expect((await reading).seen.at(-1)).toMatchObject({ ...COMPLETE, anomaly: 'no_message_stop' });
  });

  it('may take as long as it needs where its stop reason came before its words', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const early = messageStart({ stop_reason: 'tool_use' });
    const events = ask(respond([early, HI], 'stays open'));
    await readToText(events);
    const next = events.next();
    await vi.advanceTimersByTimeAsync(60_000);
    const silent = new Promise((resolve) => setImmediate(() => resolve('still waiting')));
    expect(await Promise.race([next, silent])).toBe('still waiting');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is stopped all the same when the person stops it before message_stop', async () => {
    const stop = new AbortController();
    const reason = new Error('the person pressed Stop');
    const events = ask(respond(TOLD, 'stays open'), stop.signal);
    await readToText(events);
    await events.next();
    const rest = read(events);
    stop.abort(reason);
    expect(await rest).toEqual({ seen: [], failure: reason });
  });

  it('is told at message_stop although the body stays open, and the body is given up soon after', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const events = ask(respond([...TOLD, MESSAGE_STOP, textDelta(0, 'late')], 'stays open'));
    const seen: ClaudeEvent[] = [];
    while (seen.at(-1)?.type !== 'end') seen.push((await events.next()).value ?? expect.fail('ended without an end'));
    const rest = events.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await rest).toEqual({ done: true, value: undefined });
  });

  it('leaves a connection that closes by itself to be used again', async () => {
    const onClose = vi.fn();
    await read(ask(respond([...TOLD, MESSAGE_STOP], 'closes', onClose)));
    expect(onClose).not.toHaveBeenCalled();
  });
});

describe('an answer that was not told to end', () => {
  it.each([
    ['the connection closes in the middle', [START, HI], 'upstream_cut'],
    ['message_stop comes without a stop reason', [START, HI, MESSAGE_STOP], 'upstream_cut'],
    ['the body is empty', [], 'upstream_unreadable'],
    ['the body is a web page', ['<!doctype html>\n<p>Welcome</p>\n\n'], 'upstream_unreadable'],
    ['an event is no JSON', [START, 'event: message_delta\ndata: {oops\n\n'], 'upstream_unreadable'],
    ['an event has no type', [START, 'event: message_delta\ndata: {}\n\n'], 'upstream_unreadable'],
    ['an event lacks its fields', [START, encodeFrame('content_block_delta')], 'upstream_unreadable'],
  ])('is a failure when %s', async (_when, frames, code) => {
    expect((await read(ask(respond(frames)))).failure).toMatchObject({ name: 'ChatError', code });
  });

  it('is upstream_cut when the socket breaks, after what had arrived', async () => {
    const { seen, failure } = await read(ask(respond([START, HI], new TypeError('terminated'))));
    expect(failure).toMatchObject({ code: 'upstream_cut' });
    expect(shownIn(seen)).toEqual([{ type: 'text-delta', text: 'Hi' }]);
  });

  it('closes the connection when the reader leaves in the middle', async () => {
    const onClose = vi.fn();
    const events = ask(respond([START, HI], 'stays open', onClose));
    await readToText(events);
    await events.return();
    expect(onClose).toHaveBeenCalledOnce();
  });
});

describe('a message that begins twice', () => {
  const again = (id?: string) => [
    messageStart({ id: 'msg_1', usage: { input_tokens: 3 } }),
    blockStart(0, { type: 'text', text: '' }),
    textDelta(0, 'Hel'),
    messageStart({ ...(id && { id }), content: [{ type: 'text', text: 'Hel' }], usage: { input_tokens: 4 } }),
    textDelta(0, 'lo'),
    messageDelta('end_turn'),
    MESSAGE_STOP,
  ];

  it('goes on when it is the same one, of which nothing is said twice (U-odd)', async () => {
    const { seen, failure } = await read(ask(respond(again('msg_1'))));
    expect(failure).toBeNull();
    expect(shownIn(seen).map(({ text }) => text)).toEqual(['Hel', 'lo']);
    expect(seen.at(-1)).toMatchObject({ ...COMPLETE, usage: { inputTokens: 3 } });
  });

  it.each([
    ['another one', 'msg_2'],
    ['one without a name', undefined],
  ])('cannot be read on when it is %s, and what was shown is not taken back (U-odd)', async (_which, id) => {
    const { seen, failure } = await read(ask(respond(again(id))));
    expect(failure).toMatchObject({ code: 'upstream_unreadable' });
    expect(shownIn(seen).map(({ text }) => text)).toEqual(['Hel']);
  });

  it('cannot be read on behind a stop reason either', async () => {
    const frames = [messageStart({ id: 'msg_1' }), HI, messageDelta('end_turn'), messageStart({ id: 'msg_2' }), HI];
    const { seen, failure } = await read(ask(respond([...frames, messageDelta('end_turn'), MESSAGE_STOP])));
    expect(failure).toMatchObject({ code: 'upstream_unreadable' });
    expect(shownIn(seen)).toHaveLength(1);
  });

  it('goes on where a server names no message', async () => {
    const { seen } = await read(ask(respond([START, HI, START, HI, messageDelta('end_turn'), MESSAGE_STOP])));
    expect(shownIn(seen)).toHaveLength(2);
    expect(seen.at(-1)).toMatchObject(COMPLETE);
  });
});
