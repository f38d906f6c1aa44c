import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { decodeEvent, encodeEvent } from '@/lib/protocol/codec';
import type { ReplyEvent, TerminalEvent } from '@/lib/protocol/reply-event';
import { streamReply } from './event-stream';
import { handFed, START, settle } from './hand-fed.fixture';
import { OWN_RECORDINGS } from './own-recordings.fixture';
import { readRecordings } from './recording.fixture';
import { eventsOf } from './replay.fixture';
import type { Reply } from './reply';

// A resumed reply is byte-equal to the same reply uninterrupted, however often it was cut, and wherever.

const corpora = process.env.CORPORA_DIR;
const recordings = [...OWN_RECORDINGS, ...(corpora ? readRecordings(join(corpora, 'anthropic-sse')) : [])];

type Leaving = 'cancels its stream' | 'aborts its request';
type Reading = ReadableStreamReadResult<Uint8Array>;

/** A reader that knows the number of the last event it has got whole, and asks for what is behind it. Bytes are characters here. */
class Follower {
  /** Each event as it came, byte for byte. */
  readonly frames: string[] = [];
  isDone = false;
  readonly #reply: Reply;
  #connection:
    | { readonly reader: ReadableStreamDefaultReader<Uint8Array>; readonly leaving: AbortController }
    | undefined;
  #reading: Promise<Reading> | undefined;
  #lastSeq = 0;
  #unfinished = '';

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  /** Reads what is there, or goes on waiting for it and says false. Of the piece that comes only a part may arrive. */
  async read(arriving = 1): Promise<boolean> {
    if (this.isDone) return false;
    this.#connection ??= this.#connect();
    this.#reading ??= this.#connection.reader.read();
    const read = await Promise.race([this.#reading, settle()]);
    if (!read) return false;
    this.#reading = undefined;
    const bytes = read.value ?? expect.fail('the stream ended without [DONE]');
    this.#take(Buffer.from(bytes.subarray(0, Math.floor(bytes.length * arriving))).toString('latin1'));
    return true;
  }

  async cut(how: Leaving): Promise<void> {
    if (how === 'cancels its stream') await this.#connection?.reader.cancel();
    else this.#connection?.leaving.abort();
    this.#connection = undefined;
    this.#reading = undefined;
    this.#unfinished = '';
  }

  async readOn(): Promise<void> {
    for (let reads = 0; !this.isDone; reads += 1) {
      if (reads > 10_000) expect.fail('the stream does not end');
      await this.read();
    }
  }

  #connect() {
    const leaving = new AbortController();
    return {
      leaving,
      reader: streamReply(this.#reply, { after: this.#lastSeq, signal: leaving.signal, canReturn: true }).getReader(),
    };
  }

  #take(characters: string): void {
    const frames = (this.#unfinished + characters).split('\n\n');
    this.#unfinished = frames.pop() ?? '';
    for (const frame of frames) {
      if (frame === 'data: [DONE]') this.isDone = true;
      else if (frame !== ': rivulet') {
        this.frames.push(`${frame}\n\n`);
        this.#lastSeq = Number(/^id: (\d+)\ndata: /.exec(frame)?.[1]);
      }
    }
  }
}

/** What happens: Claude says more, then one of two readers reads, loses a part of what it reads, or is cut off. */
type Step = {
  readonly says: number;
  readonly who: 0 | 1;
  readonly does: 'reads' | 'reads all there is' | 'reads in part' | 'is cut';
  readonly arriving: number;
  readonly how: Leaving;
};

const step = (mostSaid: number): fc.Arbitrary<Step> =>
  fc.record({
    says: fc.nat(mostSaid),
    who: fc.constantFrom(0, 1),
    does: fc.constantFrom('reads', 'reads all there is', 'reads in part', 'is cut'),
    arriving: fc.double({ min: 0, max: 1, noNaN: true }),
    how: fc.constantFrom('cancels its stream', 'aborts its request'),
  });
const steps = (mostSaid: number) => fc.array(step(mostSaid), { maxLength: 30 });

async function* produce(events: readonly ReplyEvent[]): AsyncGenerator<ReplyEvent, void> {
  yield* events;
}

/** What two readers get of a reply, each in the end all of it, while this happens to them. */
async function follow(events: AsyncGenerator<ReplyEvent, void>, happening: readonly Step[]) {
  const { reply, say, clock, ends } = handFed({ maxBytes: Number.POSITIVE_INFINITY });
  const followers = [new Follower(reply), new Follower(reply)] as const;
  const sayNext = async () => {
    const { value, done } = await events.next();
    if (value) say(value);
    return !done;
  };
  for (const { says, who, does, arriving, how } of happening) {
    for (let said = 0; said < says; said += 1) await sayNext();
    const follower = followers[who];
    if (does === 'reads') await follower.read();
    if (does === 'reads all there is') while (await follower.read());
    if (does === 'reads in part') await follower.read(arriving);
    if (does === 'reads in part' || does === 'is cut') await follower.cut(how);
  }
  while (await sayNext());
  for (const follower of followers) await follower.readOn();
  // Nobody is waited for any more, and nobody was given up.
  expect([clock.size, ends]).toEqual([0, []]);
  return followers.map(({ frames }) => frames);
}

const inBytes = (text: string) => Buffer.from(text).toString('latin1');
const eventsIn = (frames: readonly string[] = []) =>
  frames.map((frame) =>
    decodeEvent(
      Buffer.from(frame, 'latin1')
        .toString()
        .replace(/^id: \d+\ndata: /, ''),
    ),
  );

describe('a reply that is cut and resumed', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('\n\n', '\r', '\u2028', '\ud83e', 'data: [DONE]\n\n', 'id: 7\n', ': rivulet', '世界', '🌊'),
  );
  const waiting = fc.record({
    type: fc.constant('reply-waiting' as const),
    reason: fc.constantFrom('overloaded' as const, 'rate_limited' as const),
    retryInMs: fc.nat(),
  });
  const delta = fc.record({ type: fc.constantFrom('thinking-delta' as const, 'text-delta' as const), text });
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
  const timing = { firstTokenMs: null, totalMs: 6 };
  const terminal = fc.constantFrom<TerminalEvent>(
    { type: 'reply-end', stopReason: 'end_turn', usage, timing },
    { type: 'reply-stopped' },
    { type: 'reply-stopped', usage },
    { type: 'reply-error', error: new ChatError('upstream_cut').toWire('request-1') },
  );
  const reply = fc
    .tuple(fc.array(waiting, { maxLength: 3 }), fc.array(delta, { maxLength: 60 }), terminal)
    .map(([waits, deltas, end]): readonly ReplyEvent[] => [START, ...waits, ...deltas, end]);

  it('is byte for byte what it would have been, for each of its readers', async () => {
    const property = fc.asyncProperty(reply, steps(4), async (events, happening) => {
      const seen = await follow(produce(events), happening);
      const frames = events.map((event, at) => inBytes(encodeEvent(at + 1, event)));
      expect(seen).toEqual([frames, frames]);
      expect(eventsIn(seen[0])).toEqual(events);
    });
    await fc.assert(property, { numRuns: 1000 });
  });
});

describe('a recorded stream of Claude that is cut and resumed on its way to the reader', { timeout: 60_000 }, () => {
  it.each(recordings)('is byte for byte what it would have been: $name', async ({ bytes }) => {
    const [uninterrupted = []] = await follow(eventsOf([bytes], 'closes'), []);
    expect(uninterrupted.length).toBeGreaterThan(1);
    const mostSaid = Math.ceil(uninterrupted.length / 10);
    const property = fc.asyncProperty(
      steps(mostSaid),
      fc.integer({ min: 1, max: bytes.length }),
      async (happening, at) => {
        const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
        expect(await follow(eventsOf(pieces, 'closes'), happening)).toEqual([uninterrupted, uninterrupted]);
      },
    );
    await fc.assert(property, { numRuns: 20 });
  });
});
