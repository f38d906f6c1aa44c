import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodeDone, encodeEvent, HEARTBEAT } from '@/lib/protocol/codec';
import type { ReplyEvent, TerminalEvent } from '@/lib/protocol/reply-event';
import { collect } from './clock.fixture';
import { readEvents } from './event-reader';

const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: false };
const STOPPED: TerminalEvent = { type: 'reply-stopped' };
const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });
const encode = (events: readonly ReplyEvent[]) => events.map((event, at) => encodeEvent(at + 1, event)).join('');
const bytesOf = (stream: string) => new TextEncoder().encode(stream);

/** A body that is delivered in these pieces; one that stays open only ends when it is cancelled. */
function bodyOf(pieces: readonly (Uint8Array | string)[], ending: 'closes' | 'stays open' | Error = 'closes') {
  const cancel = vi.fn();
  const waiting = pieces.map((piece) => (typeof piece === 'string' ? bytesOf(piece) : piece));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = waiting.shift();
      if (next) controller.enqueue(next);
      else if (ending === 'closes') controller.close();
      else if (ending instanceof Error) controller.error(ending);
    },
    cancel,
  });
  return { body, cancel };
}

/** The events of a body, and the code of the failure that ended it, if one did. */
async function readAll(body: ReadableStream<Uint8Array>, after?: number) {
  const events: ReplyEvent[] = [];
  try {
    for await (const batch of readEvents(body, after)) events.push(...batch.events);
  } catch (error) {
    return { events, code: (error as { code?: string }).code };
  }
  return { events, code: undefined };
}

const everyByte = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** Pieces that end at these places, which are given in thousandths of the whole. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => Math.round((place / 1000) * bytes.length)), bytes.length];
  return ends.toSorted((a, b) => a - b).map((end, at, all) => bytes.subarray(all[at - 1] ?? 0, end));
}

const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('🦜', 'é\n', '\u2028', '漢字', '\r\n\r\n'));
const delta = fc.record({ type: fc.constantFrom('text-delta' as const, 'thinking-delta' as const), text: words });
const deltas = fc.array(delta, { maxLength: 12 });
const places = fc.array(fc.nat(1000), { maxLength: 30 });

describe('readEvents', () => {
  it('gives the same events for a stream that is whole, in single bytes, or cut anywhere', async () => {
    const property = fc.asyncProperty(deltas, places, async (middle, cuts) => {
      const events = [START, ...middle, STOPPED];
      const bytes = bytesOf(HEARTBEAT + encode(events) + encodeDone());
      for (const pieces of [[bytes], everyByte(bytes), cutAt(bytes, cuts)]) {
        expect(await readAll(bodyOf(pieces).body)).toEqual({ events, code: undefined });
      }
    });
    await fc.assert(property, { numRuns: 200 });
  });

  it('gives what arrived before a stream went wrong, wherever it is cut', async () => {
    const wrong = fc.constantFrom('data: Oops\n\n', encodeEvent(99, text('behind a gap')), 'id: 3\ndata: {}\n\n');
    const property = fc.asyncProperty(places, wrong, async (cuts, frame) => {
      const bytes = bytesOf(encode([START, text('Hi 🦜')]) + frame);
      for (const pieces of [everyByte(bytes), cutAt(bytes, cuts), [bytes]]) {
        const { events, code } = await readAll(bodyOf(pieces).body);
        expect(code).toBe('unexpected_response');
        expect(events).toEqual([START, text('Hi 🦜')]);
      }
    });
    await fc.assert(property, { numRuns: 20 });
  });

  it('gives together what one read brought', async () => {
    const stream = encode([START, text('a'), text('b'), text('c'), STOPPED]);
    const half = stream.indexOf('id: 4');
    const batches: unknown[] = [];
    for await (const { events, lastSeq } of readEvents(bodyOf([stream.slice(0, half), stream.slice(half)]).body)) {
      batches.push([events.length, lastSeq]);
    }
    expect(batches).toEqual([
      [3, 3],
      [2, 5],
    ]);
  });

  it('passes over what was read before, wherever the stream begins, and calls back for it too', async () => {
    const events = [START, text('a'), text('b'), STOPPED];
    const frames = events.map((event, at) => encodeEvent(at + 1, event));
    for (const after of [0, 1, 2, 3]) {
      for (let first = 0; first <= after; first += 1) {
        const { body } = bodyOf(frames.slice(first));
        expect(await readAll(body, after)).toEqual({ events: events.slice(after), code: undefined });
      }
    }
    const onBytes = vi.fn();
    for await (const _batch of readEvents(bodyOf([HEARTBEAT, ...frames]).body, 3, onBytes));
    expect(onBytes).toHaveBeenCalledTimes(5);
  });

  it('passes over what comes twice', async () => {
    const stream = encode([START, text('a')]) + encode([START, text('a'), STOPPED]);
    expect(await readAll(bodyOf([stream]).body)).toEqual({ events: [START, text('a'), STOPPED], code: undefined });
  });

  it('throws where something behind the number is missing', async () => {
    const { body } = bodyOf([encodeEvent(4, text('late'))]);
    expect(await readAll(body, 2)).toEqual({ events: [], code: 'unexpected_response' });
  });

  it('ends with the terminal event although the stream stays open, and closes it', async () => {
    const { body, cancel } = bodyOf([encode([START, STOPPED]), encodeEvent(3, text('late'))], 'stays open');
    expect(await readAll(body)).toEqual({ events: [START, STOPPED], code: undefined });
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('closes the stream when its reader leaves', async () => {
    const { body, cancel } = bodyOf([encode([START])], 'stays open');
    for await (const _batch of readEvents(body)) break;
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('passes over events of kinds that it does not know, which count', async () => {
    const unknown = 'id: 2\ndata: {"type":"tool-call"}\n\n';
    const { body } = bodyOf([encode([START]) + unknown, encodeEvent(3, STOPPED)]);
    const batches = await collect(readEvents(body));
    expect(batches).toEqual([
      { events: [START], lastSeq: 2 },
      { events: [STOPPED], lastSeq: 3 },
    ]);
  });

  it.each([
    ['connection_lost', 'ends without a terminal event', [encode([START, text('Hi')])], 'closes'],
    ['connection_lost', 'ends inside of the terminal event', [encode([START, STOPPED]).slice(0, -1)], 'closes'],
    ['connection_lost', 'is done without a terminal event', [encode([START]), encodeDone()], 'closes'],
    ['connection_lost', 'breaks', [encode([START])], new TypeError('network error')],
    ['connection_lost', 'is empty', [], 'closes'],
    ['unexpected_response', 'has a gap', [encodeEvent(1, START), encodeEvent(3, STOPPED)], 'closes'],
    ['unexpected_response', 'has a number below the first', [encodeEvent(0, START)], 'closes'],
    ['unexpected_response', 'begins in the middle', [encodeEvent(2, STOPPED)], 'closes'],
    ['unexpected_response', 'has an event without a number', [`data: ${JSON.stringify(STOPPED)}\n\n`], 'closes'],
    ['unexpected_response', 'has something else in a frame', ['id: 1\ndata: <html>\n\n'], 'closes'],
  ] as const)('throws %s when the stream %s', async (code, _how, pieces, ending) => {
    expect((await readAll(bodyOf(pieces, ending).body)).code).toBe(code);
  });

  it('closes a stream that is not one of ours', async () => {
    const { body, cancel } = bodyOf([encodeEvent(2, STOPPED)], 'stays open');
    expect((await readAll(body)).code).toBe('unexpected_response');
    expect(cancel).toHaveBeenCalledOnce();
  });
});
