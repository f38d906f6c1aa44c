import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
  thinkingDelta,
} from './claude.fixture';

const START = messageStart();
const END = [messageDelta('end_turn'), MESSAGE_STOP];
const HALF = /\p{Surrogate}/u;

const shownOf = async (frames: readonly string[]) =>
  shownIn((await read(ask(respond([[START, ...frames, ...END].join('')])))).seen);

/** Any whole text, with more characters that are pairs than texts have. */
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('🦜', '𝒜', '👩🏽‍🚀', '\u{10ffff}')), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

/** The pieces of a text, cut before some of its UTF-16 units. */
function cut(whole: string, isCut: readonly boolean[]): string[] {
  const ends = [...isCut.keys()].filter((at) => isCut[at]);
  return [...ends, whole.length].map((end, at) => whole.slice(ends[at - 1] ?? 0, end));
}

const pieces = text.chain((whole) =>
  fc
    .array(fc.boolean(), { minLength: whole.length, maxLength: whole.length })
    .map((isCut) => ({ whole, pieces: cut(whole, isCut) })),
);

describe('the characters of an answer', () => {
  it('arrive whole when each half of a character is a delta of its own', async () => {
    const shown = await shownOf('a🦜b👩🏽‍🚀'.split('').map((unit) => textDelta(0, unit)));
    expect(shown.map((event) => event.text)).toEqual(['a', '🦜', 'b', '👩', '🏽', '\u200d', '🚀']);
  });

  it('arrive whole and in order wherever their text is cut', async () => {
    const property = fc.asyncProperty(pieces, async ({ whole, pieces: deltas }) => {
      const shown = await shownOf(deltas.map((piece) => textDelta(0, piece)));
      expect(shown.map((event) => event.text).join('')).toBe(whole);
      expect(shown.filter((event) => HALF.test(event.text))).toEqual([]);
    });
    await fc.assert(property);
  });

  it('arrive whole and in order where their block begins with some of them', async () => {
    const property = fc.asyncProperty(pieces, async ({ whole, pieces: [first = '', ...deltas] }) => {
      const begin = blockStart(0, { type: 'text', text: first });
      const shown = await shownOf([begin, ...deltas.map((piece) => textDelta(0, piece))]);
      expect(shown.map((event) => event.text).join('')).toBe(whole);
      expect(shown.filter((event) => HALF.test(event.text))).toEqual([]);
    });
    await fc.assert(property);
  });

  it('of two blocks are kept apart when their deltas take turns', async () => {
    const property = fc.asyncProperty(pieces, pieces, fc.infiniteStream(fc.boolean()), async (text0, text1, turns) => {
      const left = [
        text0.pieces.map((piece) => thinkingDelta(0, piece)),
        text1.pieces.map((piece) => textDelta(1, piece)),
      ];
      const frames: string[] = [];
      while (left.some((deltas) => deltas.length > 0)) frames.push(left[turns.next().value ? 0 : 1]?.shift() ?? '');
      const shown = await shownOf(frames);
      const joined = (type: string) => shown.map((event) => (event.type === type ? event.text : '')).join('');
      expect([joined('thinking-delta'), joined('text-delta')]).toEqual([text0.whole, text1.whole]);
      expect(shown.filter((event) => HALF.test(event.text))).toEqual([]);
    });
    await fc.assert(property);
  });

  it('are left out where only halves of them were sent', async () => {
    const [first, second] = '🦜'.split('');
    const shown = await shownOf([textDelta(0, `a${first}`), textDelta(0, `b${second}`)]);
    expect(shown.map((event) => event.text)).toEqual(['a', 'b']);
  });

  it('are not shown by halves when the other half never comes', async () => {
    expect(await shownOf([textDelta(0, 'Hi 🦜'.slice(0, -1))])).toEqual([{ type: 'text-delta', text: 'Hi ' }]);
    expect(await shownOf([textDelta(0, '🦜'.slice(0, -1))])).toEqual([]);
    const { seen } = await read(ask(respond([START, textDelta(0, 'Hi 🦜'.slice(0, -1))])));
    expect(shownIn(seen)).toEqual([{ type: 'text-delta', text: 'Hi ' }]);
  });
});
