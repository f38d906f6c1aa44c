import { describe, expect, it } from 'vitest';
import { messagesTo, shownPath } from './branches';
import { type ChatState, EMPTY_CHAT, type Message, NO_CHOICES } from './chat-state';

const question = (id: string, parentId: string | null, createdAt: number): Message => {
  return { id, parentId, role: 'user', text: `${id}?`, createdAt };
};
const answer = (id: string, parentId: string, createdAt: number, text = `${id}.`): Message => ({
  id,
  parentId,
  role: 'assistant',
  content: text === '' ? [] : [{ type: 'text', text }],
  thinkingMs: null,
  end: { status: 'stopped' },
  createdAt,
});

const messages = [
  question('one', null, 1),
  answer('two', 'one', 2),
  question('three', 'two', 3),
  answer('four', 'three', 4),
];
const without = (...ids: readonly string[]): ChatState => ({
  ...EMPTY_CHAT,
  messages,
  choices: { ...NO_CHOICES, deleted: Object.fromEntries(ids.map((id) => [id, 9])) },
});
const pathIn = ({ choices }: ChatState, of: readonly Message[] = messages) => shownPath(of, choices);

describe('a turn that was deleted', () => {
  it('is not told, whatever stands behind it', () => {
    expect(messagesTo(without('one', 'two'), 'four').map(({ id }) => id)).toEqual(['three', 'four']);
    expect(messagesTo(without('two'), 'three').map(({ id }) => id)).toEqual(['one', 'three']);
  });

  it('has its place as long as something stands behind it that was not', () => {
    const places = (...ids: readonly string[]) => pathIn(without(...ids)).map(({ id, isDeleted }) => [id, isDeleted]);
    expect(places('two')).toEqual([
      ['one', false],
      ['two', true],
      ['three', false],
      ['four', false],
    ]);
    expect(places('three', 'four')).toEqual([
      ['one', false],
      ['two', false],
    ]);
    expect(places('one', 'two', 'three', 'four')).toEqual([]);
  });
});

it('an attempt that failed before its first word is none of those to go through', () => {
  const attempts = [question('one', null, 1), answer('failed', 'one', 2, ''), answer('whole', 'one', 3)];
  expect(pathIn(EMPTY_CHAT, attempts).at(-1)?.siblingIds).toEqual(['whole']);
});
