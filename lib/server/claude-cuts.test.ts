import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { OWN_RECORDINGS } from './own-recordings.fixture';
import {
  type Ending,
  frameEndsOf,
  type Outcome,
  type Recording,
  readRecording,
  readRecordings,
} from './recording.fixture';
import { replay } from './replay.fixture';

const corpora = process.env.CORPORA_DIR;
const recorded = corpora ? readRecordings(join(corpora, 'anthropic-sse')) : [];

/** Every byte takes minutes (`npm run cuts`). Else the places are those around the end of an event, and some by chance. */
const isThorough = process.env.MODE === 'every-byte';
const isShort = ({ bytes }: Recording) => bytes.length < 20_000;

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const byChance = (count: number, { bytes }: Recording) =>
  Array.from({ length: count }, () => Math.floor(Math.random() * (bytes.length + 1)));

function placesOf(recording: Recording): readonly number[] {
  if (isThorough) return isShort(recording) ? range(0, recording.bytes.length) : byChance(500, recording);
  if (!isShort(recording)) return byChance(10, recording);
  const ends = frameEndsOf(recording).flatMap((end) => range(end - 1, end + 1));
  return [...ends, ...byChance(40, recording)].filter((place) => place <= recording.bytes.length);
}

const ENDINGS: readonly Ending[] = ['closes', 'breaks', 'goes silent'];
const plans = [
  ...OWN_RECORDINGS.map((recording) => ({ recording, places: range(0, recording.bytes.length) })),
  ...recorded.map((recording) => ({ recording, places: placesOf(recording) })),
];
const total = plans.reduce((sum, { places }) => sum + places.length, 0) * ENDINGS.length;
const missing = corpora ? '' : ' CORPORA_DIR is not set: the recorded ones are skipped.';
console.info(`${plans.length} streams of Claude are cut ${total} times.${missing}`);

/** Silence takes a moment, so many are silent together. */
const AT_ONCE = 100;

type Cut = { readonly after: number; readonly outcome: Outcome; readonly expected: Outcome };

async function cutEverywhere(recording: Recording, places: readonly number[], ending: Ending): Promise<readonly Cut[]> {
  const expectedAfter = readRecording(recording);
  const cutAt = async (after: number): Promise<Cut> => ({
    after,
    outcome: await replay([recording.bytes.subarray(0, after)], ending),
    expected: expectedAfter(after, ending),
  });
  const wrong: Cut[] = [];
  for (let at = 0; at < places.length; at += AT_ONCE) {
    // Weak references hold what they refer to until a turn ends, and without a timer all of this would be one.
    await nextTurn();
    const cuts = await Promise.all(places.slice(at, at + AT_ONCE).map(cutAt));
    wrong.push(...cuts.filter(({ outcome, expected }) => !isDeepStrictEqual(outcome, expected)));
  }
  return wrong;
}

describe.each(ENDINGS)('a stream of Claude whose connection %s', { timeout: 120_000 }, (ending) => {
  const cases = plans.map(({ recording, places }) => [recording.name, places.length, recording, places] as const);

  it.each(cases)('is shown as far as it came: %s, cut at %i places', async (_name, _count, recording, places) => {
    expect(await cutEverywhere(recording, places, ending)).toEqual([]);
  });
});
