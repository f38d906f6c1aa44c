// biome-ignore lint/style/noRestrictedImports: the cases are files, and a test runs on Node.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameDecoder, type Frame } from './frame-decoder';

const encode = (text: string) => new TextEncoder().encode(text);

/** The frames of a stream that is delivered in these pieces. */
function framesOf(pieces: readonly Uint8Array[], maxFrameChars?: number): Frame[] {
  const decode = createFrameDecoder(maxFrameChars);
  return pieces.flatMap((piece) => [...decode(piece)]);
}

const everyByte = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** Pieces that end at these places, which are given in thousandths of the whole. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => Math.round((place / 1000) * bytes.length)), bytes.length];
  return ends.toSorted((a, b) => a - b).map((end, at, all) => bytes.subarray(all[at - 1] ?? 0, end));
}

/** Checks the frames of a stream however it is delivered: whole, byte by byte, and cut at random. */
function expectFrames(bytes: Uint8Array, check: (frames: Frame[]) => void): void {
  check(framesOf([bytes]));
  check(framesOf(everyByte(bytes)));
  const cuts = fc.property(fc.array(fc.nat(1000), { maxLength: 20 }), (places) => {
    check(framesOf(cutAt(bytes, places)));
  });
  fc.assert(cuts, { numRuns: 30 });
}

describe('the frame decoder', () => {
  it('gives the frames that a piece completes, and nothing of those that it does not', () => {
    const decode = createFrameDecoder();
    expect(decode(encode(': hello\n\nid: 1\nda'))).toEqual([]);
    expect(decode(encode('ta: a\n\ndata: b\n\ndata: c\n'))).toEqual([
      { id: '1', data: 'a' },
      { id: undefined, data: 'b' },
    ]);
    expect(decode(encode('\n'))).toEqual([{ id: undefined, data: 'c' }]);
  });

  it('refuses a frame that does not end, in one line or in many', () => {
    const refusal = expect.objectContaining({ code: 'unexpected_response' });
    expect(() => framesOf([encode('data: '), encode('x'.repeat(100))], 50)).toThrow(refusal);
    expect(() =>
      framesOf(
        Array.from({ length: 20 }, () => encode('data: xxxx\n')),
        50,
      ),
    ).toThrow(refusal);
    expect(framesOf([encode('data: xxxx\n\n'.repeat(20))], 50)).toHaveLength(20);
  });

  it('refuses by itself what would fill the memory', () => {
    const megabyte = encode('x'.repeat(1_000_000));
    expect(() => framesOf([encode('data: '), ...Array.from({ length: 5 }, () => megabyte)])).toThrow(
      expect.objectContaining({ code: 'unexpected_response' }),
    );
  });
});

const corpora = process.env.CORPORA_DIR;
if (!corpora) console.info('CORPORA_DIR is not set: the event streams of other implementations are skipped.');

const read = (name: string) => readFileSync(`${corpora}/sse-format/${name}`);
const readCases = <T>(name: string): T[] => (corpora ? JSON.parse(read(name).toString()).cases : []);
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

type PlatformCase = {
  readonly id: string;
  readonly title: string;
  readonly bytes_base64: string;
  readonly expected_events: readonly { readonly data: string; readonly lastEventId: string }[];
};

describe.runIf(corpora)('the event streams of the web platform tests', () => {
  /** As a browser tells it: an id holds until the next one. */
  function withLastId(frames: readonly Frame[]) {
    let lastEventId = '';
    return frames.map(({ id, data }) => {
      lastEventId = id ?? lastEventId;
      return { data, lastEventId };
    });
  }

  it.each(readCases<PlatformCase>('wpt-eventsource.json'))('$id ($title)', ({ bytes_base64, expected_events }) => {
    const expected = expected_events.map(({ data, lastEventId }) => ({ data, lastEventId }));
    expectFrames(fromBase64(bytes_base64), (frames) => expect(withLastId(frames)).toEqual(expected));
  });
});

type ParserCase = {
  readonly id: number;
  readonly name: string;
  readonly byte_stream: boolean;
  readonly ops: readonly { readonly feed_base64: string }[];
  readonly expected_events: readonly { readonly data: string; readonly id_in_block: string | null }[];
};

describe.runIf(corpora)('the event streams of eventsource-parser', () => {
  const cases = readCases<ParserCase>('eventsource-parser.json').filter((stream) => stream.byte_stream);
  const LARGE_BYTES = 100_000;
  const bytesOf = ({ ops }: ParserCase) => new Uint8Array(Buffer.concat(ops.map((op) => fromBase64(op.feed_base64))));

  it.each(cases)('$id $name', (stream) => {
    const bytes = bytesOf(stream);
    const expected = stream.expected_events.map(({ data, id_in_block }) => ({ data, id: id_in_block ?? undefined }));
    const check = (frames: readonly Frame[]) => expect(frames).toEqual(expected);
    if (bytes.length < LARGE_BYTES) expectFrames(bytes, check);
    else check(framesOf(cutAt(bytes, [1, 333, 334, 999])));
  });

  it.each([
    ['whole', []],
    ['in pieces', Array.from({ length: 997 }, (_, at) => at + 1)],
  ])('one event of ten megabytes, delivered %s', async (_how, places) => {
    const packed = new Blob([read('eventsource-parser-huge.sse.gz')]).stream();
    const bytes = new Uint8Array(await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
    const expected = JSON.parse(read('eventsource-parser-huge.expected.json').toString());
    const [first, second] = framesOf(cutAt(bytes, places), 10_000_000);
    const digest = await crypto.subtle.digest('SHA-256', encode(first?.data ?? ''));
    expect(Buffer.from(digest).toString('hex')).toBe(expected.first_event_data_sha256);
    expect(second?.data).toBe(expected.second_event.data);
  });
});
