import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { OWN_RECORDINGS } from './own-recordings.fixture';
import { frameEndsOf, type Recording, readRecording, readRecordings } from './recording.fixture';
import { replay } from './replay.fixture';

const corpora = process.env.CORPORA_DIR;
if (!corpora) console.info('CORPORA_DIR is not set: odd framing is tried on streams of our own alone.');
const recordings = [...OWN_RECORDINGS, ...(corpora ? readRecordings(join(corpora, 'anthropic-sse')) : [])];
/** For what takes a time of its own with each byte. */
const shortOnes = recordings.filter(({ bytes }) => bytes.length < 10_000);

const eventsOf = ({ bytes }: Recording) => new TextDecoder().decode(bytes).split(/(?<=\n\n)/);
const encode = (stream: string) => new TextEncoder().encode(stream);
const plainOutcome = (recording: Recording) => readRecording(recording)(recording.bytes.length, 'closes');

/** A way to write the same events. */
type Framing = (events: readonly string[]) => string;

const lineEnd = (end: string): Framing => {
  return (events) => events.join('').replaceAll('\n', end);
};
const precededBy = (noise: string): Framing => {
  return (events) => events.map((event) => noise + event).join('');
};

/** 16 KB, of characters of two bytes. */
const COMMENT = `: ${'é'.repeat(8192)}\n\n`;
const PINGS = encodeFrame('ping').repeat(1000);

const UNKNOWN_EVENTS = [
  encodeFrame('message_delta_of_the_future', { delta: { type: 'text_delta', text: 'No.', stop_reason: 'end_turn' } }),
  'event: without_data\n\n',
  'data: [DONE]\n\n',
  'retry: 10\nid: 7\n\n',
].join('');

const UNKNOWN_PARTS = [
  encodeFrame('content_block_start', { index: 990, content_block: { type: 'hologram', text: 'No.' } }),
  encodeFrame('content_block_delta', { index: 990, delta: { type: 'text_delta', text: 'No.' } }),
  encodeFrame('content_block_delta', { index: 0, delta: { type: 'hologram_delta', text: 'No.' } }),
].join('');

/** Blocks of text and of thinking begin empty, so nothing is lost without their start. */
const opensProse = (event: string) => /^event: content_block_start\n.*"type":"(text|thinking)","\w+":""/.test(event);

const LINE_ENDS: readonly (readonly [how: string, Framing])[] = [
  ['as it was', lineEnd('\n')],
  ['with lines that end in CR and LF', lineEnd('\r\n')],
  ['with lines that end in CR', lineEnd('\r')],
];

const FRAMINGS: readonly (readonly [how: string, Framing])[] = [
  ...LINE_ENDS,
  ['with 16 KB of comment before each event', precededBy(COMMENT)],
  ['with a thousand pings behind its first event', ([first = '', ...rest]) => first + PINGS + rest.join('')],
  ['with a thousand pings before its last event', (events) => events.toSpliced(-1, 0, PINGS).join('')],
  ['with events of unknown kinds before each event', precededBy(UNKNOWN_EVENTS)],
  ['with blocks and deltas of unknown kinds between its events', (events) => events.join(UNKNOWN_PARTS)],
  ['with its first event again between its events', (events) => events.join(events[0])],
  ['with no start of a block of prose', (events) => events.filter((event) => !opensProse(event)).join('')],
];

/** No socket gives more at once. */
const READ_BYTES = 65_536;
const asRead = (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / READ_BYTES) }, (_, at) =>
    bytes.subarray(at * READ_BYTES, (at + 1) * READ_BYTES),
  );
const everyByte = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** Pieces that end at these places, which are given in thousandths of the whole. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => Math.round((place / 1000) * bytes.length)), bytes.length];
  return ends.toSorted((a, b) => a - b).map((end, at, all) => bytes.subarray(all[at - 1] ?? 0, end));
}

const places = fc.array(fc.nat(1000), { maxLength: 30 });

/** By its name, so that a report holds no bytes. */
const anyName = fc.constantFrom(...recordings.map(({ name }) => name));
const find = (wanted: string) => recordings.find(({ name }) => name === wanted) ?? expect.fail(wanted);

describe.runIf(corpora)('the recorded streams', () => {
  it('are many', () => {
    expect(recordings.length).toBeGreaterThan(60);
  });
});

describe('a stream of Claude is read as it was meant', { timeout: 30_000 }, () => {
  it.each(FRAMINGS)('%s', async (_how, framing) => {
    const read = (recording: Recording) => replay(asRead(encode(framing(eventsOf(recording)))), 'closes');
    expect(await Promise.all(recordings.map(read))).toEqual(recordings.map(plainOutcome));
  });

  it.each(LINE_ENDS)('byte by byte, %s', async (_how, framing) => {
    const read = (recording: Recording) => replay(everyByte(encode(framing(eventsOf(recording)))), 'closes');
    expect(await Promise.all(shortOnes.map(read))).toEqual(shortOnes.map(plainOutcome));
  });

  it('in whatever pieces, and whatever stands between two events', async () => {
    const framing = fc.constantFrom(...FRAMINGS);
    const property = fc.asyncProperty(anyName, framing, places, async (name, [, write], cuts) => {
      const recording = find(name);
      const pieces = cutAt(encode(write(eventsOf(recording))), cuts).flatMap(asRead);
      expect(await replay(pieces, 'closes')).toEqual(plainOutcome(recording));
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

describe('a stream of Claude with the start of another message in its middle', () => {
  const other = Buffer.from(encodeFrame('message_start', { message: { id: 'msg_other', content: [], usage: {} } }));

  it.each(shortOnes.map((recording) => [recording.name, recording] as const))(
    'is shown up to there, and is unreadable: %s',
    async (name, recording) => {
      const outcomeAfter = readRecording(recording);
      const isInside = (byteCount: number) => {
        const { end, anomaly } = outcomeAfter(byteCount, 'closes');
        return end === 'upstream_cut' || anomaly === 'no_message_stop';
      };
      const spliced = frameEndsOf(recording)
        .filter(isInside)
        .map((end) => Buffer.concat([recording.bytes.subarray(0, end), other, recording.bytes.subarray(end)]));
      const outcomes = await Promise.all(spliced.map((bytes) => replay([bytes], 'closes')));
      expect(outcomes).toEqual(spliced.map((bytes) => plainOutcome({ name, bytes })));
      expect(outcomes.filter(({ end }) => end !== 'upstream_unreadable')).toEqual([]);
    },
  );
});
