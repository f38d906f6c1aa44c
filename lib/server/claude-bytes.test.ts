import { describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { ask, MESSAGE_STOP, messageDelta, messageStart, read, respond, shownIn, textDelta } from './claude.fixture';

const PING = encodeFrame('ping');
const MEGABYTE = 1_000_000;

describe('the bytes of an answer', () => {
  it('are told of with every read, also of one that shows nothing: a comment, a ping, half an event', async () => {
    const onBytes = vi.fn();
    const hello = textDelta(0, 'Hello');
    const reads = [': a comment\n\n', PING, messageStart(), hello.slice(0, 20), hello.slice(20)];
    const events = ask(respond([...reads, messageDelta('end_turn') + MESSAGE_STOP]), undefined, onBytes);
    const { seen } = await read(events);
    expect(shownIn(seen)).toEqual([{ type: 'text-delta', text: 'Hello' }]);
    expect(onBytes).toHaveBeenCalledTimes(reads.length + 1);
  });

  it('are told of before what they hold', async () => {
    const told: string[] = [];
    const events = ask(respond([messageStart() + textDelta(0, 'Hi')], 'stays open'), undefined, () =>
      told.push('bytes'),
    );
    for await (const { type } of events) {
      told.push(type);
      if (type === 'text-delta') break;
    }
    expect(told).toEqual(['accepted', 'bytes', 'usage', 'text-delta']);
  });

  it('may be many, as long as events come of them', async () => {
    const pings = Array.from({ length: 12 }, () => PING.replace('{', `{"pad":"${'x'.repeat(MEGABYTE)}",`));
    const frames = [messageStart(), ...pings, textDelta(0, 'Hi'), messageDelta('end_turn'), MESSAGE_STOP];
    expect((await read(ask(respond(frames)))).failure).toBeNull();
  });
});

/** A `fetch` whose body begins and then says the same for ever, until the connection is closed. */
function repeating(begin: string, piece: string) {
  const bytes = new TextEncoder().encode(piece);
  const state = { sentBytes: 0, isClosed: false };
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(begin));
        init?.signal?.addEventListener('abort', () => {
          state.isClosed = true;
          controller.error(init.signal?.reason);
        });
      },
      pull(controller) {
        state.sentBytes += bytes.length;
        controller.enqueue(bytes);
      },
    });
    return new Response(body);
  };
  return { state, fetch };
}

describe('an answer without an end', () => {
  const begin = messageStart() + textDelta(0, 'Hi');

  it.each([
    ['a line', 'x'.repeat(MEGABYTE)],
    ['a comment', `: ${'x'.repeat(MEGABYTE)}`],
    ['an event', `data: ${'x'.repeat(MEGABYTE)}\n`],
    ['comments', `: ${'x'.repeat(MEGABYTE)}\n\n`],
  ])('of %s cannot be read, and its connection is closed', async (_what, piece) => {
    const { state, fetch } = repeating(begin, piece);
    const { seen, failure } = await read(ask(fetch));
    expect(failure).toMatchObject({ code: 'upstream_unreadable' });
    expect(shownIn(seen)).toEqual([{ type: 'text-delta', text: 'Hi' }]);
    expect(state.isClosed).toBe(true);
    expect(state.sentBytes).toBeLessThan(12 * MEGABYTE);
  });
});
