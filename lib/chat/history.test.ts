import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsAt, pathTo, type StoredMessage, titleOf } from './history';

const question = (id: string, parentId: string | null, createdAt = 1): StoredMessage => ({
  id,
  role: 'user',
  text: `${id}?`,
  chatId: 'a',
  parentId,
  createdAt,
});

const answer = (id: string, parentId: string | null, createdAt = 1, text = `${id}.`): StoredMessage => ({
  id,
  role: 'assistant',
  content: text === '' ? [] : [{ type: 'text', text }],
  thinkingMs: null,
  end: { status: 'stopped' },
  chatId: 'a',
  parentId,
  createdAt,
});

const ids = (turns: readonly { readonly id: string }[]) => turns.map(({ id }) => id);
const reversed = (messages: readonly StoredMessage[]) => [messages, messages.toReversed()];

/** Messages whose parents are anything: themselves, one another, none, one that is missing. */
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const anyMessages = fc.uniqueArray(
  fc
    .tuple(fc.boolean(), id, fc.option(fc.oneof(id, fc.constant('missing'))), fc.nat(3), fc.constantFrom('', 'Yes'))
    .map(([isQuestion, own, parent, at, text]) =>
      isQuestion ? question(own, parent, at) : answer(own, parent, at, text),
    ),
  { selector: (message) => message.id },
);
/** Any text that JavaScript can hold, halves of characters included; often of words, and longer than a title. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(' ', '\n', 'word ', '🦜', '\ud83e', '\udd9c'), fc.string({ unit: 'binary' })))
  .map((pieces) => pieces.join(''));

describe('titleOf', () => {
  it('is the text itself where that is short, on one line', () => {
    expect(titleOf('  What is\n\n\ta\u00a0rivulet? ')).toBe('What is a rivulet?');
    expect(titleOf('x'.repeat(60))).toBe('x'.repeat(60));
    expect(titleOf(' \n')).toBe('');
  });

  it('is cut between two words where one ends in its second half, and says that something is left out', () => {
    const words = `${'x'.repeat(40)} ${'y'.repeat(40)}`;
    expect(titleOf(words)).toBe(`${'x'.repeat(40)}…`);
  });

  it('is cut inside of a word that would leave too little', () => {
    expect(titleOf(`See ${'x'.repeat(80)}`)).toBe(`See ${'x'.repeat(55)}…`);
  });

  it('never ends in half a character', () => {
    expect(titleOf(`${'x'.repeat(58)}🦜🦜`)).toBe(`${'x'.repeat(58)}…`);
    expect(titleOf(`${'x'.repeat(57)}🦜🦜`)).toBe(`${'x'.repeat(57)}🦜…`);
  });

  it('is short, on one line, and begins as the text does, whatever that holds', () => {
    const property = fc.property(anyText, (text) => {
      const title = titleOf(text);
      expect(title.length).toBeLessThanOrEqual(60);
      expect(title).not.toMatch(/[\r\n\t]|^\s|\s$| {2}/);
      expect(text.trim().replace(/\s+/g, ' ').startsWith(title.replace(/…$/, ''))).toBe(true);
      expect(title === '').toBe(text.trim() === '');
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('has whole characters where the text has', () => {
    const whole = fc.string({ unit: fc.constantFrom('🦜', 'x', ' y'), minLength: 40, maxLength: 80 });
    const property = fc.property(whole, (text) => {
      expect(encodeURIComponent(titleOf(text))).not.toBe('');
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('pathTo', () => {
  const turns = [question('one', null, 1), answer('first', 'one', 2), question('two', 'first', 3)];

  it('leads from the first message to the newest one, in whatever order they are stored', () => {
    for (const messages of reversed(turns)) expect(ids(pathTo('two', messages))).toEqual(['one', 'first', 'two']);
    expect(ids(pathTo('first', turns))).toEqual(['one', 'first']);
  });

  it('is empty where there is no newest message, or it is missing', () => {
    expect(pathTo(null, turns)).toEqual([]);
    expect(pathTo('missing', turns)).toEqual([]);
  });

  it('holds messages as they are shown, without what only the store knows', () => {
    const [asked, answered] = pathTo('first', turns);
    expect(asked).toEqual({ id: 'one', role: 'user', text: 'one?' });
    expect(answered).toEqual({
      id: 'first',
      role: 'assistant',
      content: [{ type: 'text', text: 'first.' }],
      thinkingMs: null,
      end: { status: 'stopped' },
      earlier: [],
    });
  });

  it('takes the branch of its last message, and leaves the others', () => {
    const branches = [...turns, question('other', 'first', 4), answer('second', 'two', 5), answer('third', 'other', 6)];
    expect(ids(pathTo('second', branches))).toEqual(['one', 'first', 'two', 'second']);
    expect(ids(pathTo('third', branches))).toEqual(['one', 'first', 'other', 'third']);
  });

  it('begins behind a message that is missing', () => {
    expect(ids(pathTo('two', turns.slice(1)))).toEqual(['first', 'two']);
  });

  it('ends where messages lead in a circle', () => {
    expect(ids(pathTo('a', [question('a', 'a')]))).toEqual(['a']);
    expect(ids(pathTo('a', [question('a', 'b'), answer('b', 'c'), question('c', 'a')]))).toEqual(['c', 'b', 'a']);
  });

  it('has the earlier attempts beside each answer, and never a later one', () => {
    const attempts = [question('q', null), answer('x', 'q', 2), answer('y', 'q', 3), answer('z', 'q', 4)];
    const earlierThan = (leafId: string) =>
      pathTo(leafId, attempts).flatMap((turn) => ('earlier' in turn ? ids(turn.earlier) : []));
    expect(['x', 'y', 'z'].map(earlierThan)).toEqual([[], ['x'], ['x', 'y']]);
  });

  it('hides no attempt behind another of the same millisecond', () => {
    const attempts = [question('q', null, 2), answer('y', 'q', 2), answer('x', 'q', 2)];
    for (const messages of reversed(attempts))
      expect(pathTo('y', messages).at(-1)).toMatchObject({ earlier: [{ id: 'x' }] });
  });

  it('has each message at most once, each behind its parent, whatever the tree is', () => {
    const property = fc.property(anyMessages, id, (messages, leafId) => {
      const path = ids(pathTo(leafId, messages));
      const parentOf = new Map(messages.map((message) => [message.id, message.parentId]));
      expect(new Set(path).size).toBe(path.length);
      expect(path.at(-1)).toBe(parentOf.has(leafId) ? leafId : undefined);
      expect(path.slice(1).map((own) => parentOf.get(own))).toEqual(path.slice(0, -1));
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('attemptsAt', () => {
  it('are those that showed something, oldest first, without what only the store knows', () => {
    const attempts = [answer('z', 'q', 4), answer('empty', 'q', 3, ''), question('edit', 'q', 2), answer('y', 'q', 1)];
    expect(ids(attemptsAt('q', [...attempts, answer('other', 'p', 1)]))).toEqual(['y', 'z']);
    expect(Object.keys(attemptsAt('q', attempts)[0] ?? {})).toEqual(['id', 'content', 'thinkingMs', 'end']);
    expect(attemptsAt('nothing', attempts)).toEqual([]);
  });

  it('are those without a question where none is given', () => {
    expect(ids(attemptsAt(null, [answer('x', null), answer('y', 'q')]))).toEqual(['x']);
  });

  it('are before and behind every answer in one order, whatever the tree is', () => {
    const property = fc.property(anyMessages, fc.option(id), (messages, questionId) => {
      const all = ids(attemptsAt(questionId, messages));
      for (const shuffled of reversed(messages)) expect(ids(attemptsAt(questionId, shuffled))).toEqual(all);
      const before = all.map((own) =>
        ids(
          attemptsAt(
            questionId,
            messages,
            messages.find((message) => message.id === own),
          ),
        ),
      );
      expect(before).toEqual(all.map((_, at) => all.slice(0, at)));
    });
    fc.assert(property, { numRuns: 300 });
  });
});
