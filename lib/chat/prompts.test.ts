import { describe, expect, it } from 'vitest';
import { FIRST_PROMPTS, findPrompts, insertPrompt, isFirst, nameOf, promptsWith, slashBefore } from './prompts';

const named = (name: string, text = 'A text', id = name) => ({ id, name, text });
const namesOf = (prompts: readonly { readonly name: string }[]) => prompts.map(({ name }) => name);

describe('the prompts', () => {
  it('are at first those that everybody has, by name', () => {
    expect(namesOf(promptsWith([]))).toEqual(namesOf(FIRST_PROMPTS));
  });

  it('of one’s own stand among them, by name', () => {
    const names = namesOf(promptsWith([named('reply to a customer')]));
    expect(names.indexOf('reply to a customer')).toBe(names.indexOf('Review code') - 1);
    expect(names).toHaveLength(FIRST_PROMPTS.length + 1);
  });

  it('that everybody has can be changed, and deleted for good', () => {
    const [first, second] = FIRST_PROMPTS.map(({ id }) => id);
    const prompts = promptsWith([named('Mine', 'Changed', first), named('Gone', '', second)]);
    expect(prompts.find(({ id }) => id === first)?.name).toBe('Mine');
    expect(prompts).toHaveLength(FIRST_PROMPTS.length - 1);
    expect([isFirst(first ?? ''), isFirst('mine')]).toEqual([true, false]);
  });

  it('are found by what their name begins with, then by what it has in it', () => {
    const prompts = ['Code review', 'Review', 'Summary'].map((name) => named(name));
    expect(namesOf(findPrompts(prompts, 'RE'))).toEqual(['Review', 'Code review']);
    expect(findPrompts(prompts, ' ')).toHaveLength(3);
    expect(findPrompts(prompts, 'nothing')).toEqual([]);
  });

  it('have a name in any case', () => {
    expect(nameOf(named(' Mine '))).toBe('Mine');
    expect(nameOf(named(' ', 'Say it\n in other words.'))).toBe('Say it in other words.');
  });
});

describe('a slash', () => {
  it.each([
    ['/', 1, { start: 0, end: 1 }],
    ['/sum', 4, { start: 0, end: 4 }],
    ['One\n/', 5, { start: 4, end: 5 }],
    ['One\n/a b\nTwo', 8, { start: 4, end: 8 }],
  ])('asks for prompts at the beginning of a line: %j', (text, caret, range) => {
    expect(slashBefore(text, caret)).toEqual(range);
  });

  it.each([
    ['', 0],
    ['/', 0],
    ['and/or', 6],
    [' /', 2],
    ['/sum', 2],
    ['/\n', 2],
  ])('is a slash elsewhere: %j', (text, caret) => {
    expect(slashBefore(text, caret)).toBeNull();
  });
});

describe('a prompt that is inserted', () => {
  it('takes the place of what asked for it, with the caret behind it', () => {
    expect(insertPrompt('One\n/te\nTwo', { start: 4, end: 7 }, 'Text')).toEqual({
      draft: 'One\nText\nTwo',
      selection: { start: 8, end: 8 },
    });
  });

  it('has its first placeholder selected', () => {
    const { draft, selection } = insertPrompt('/', { start: 0, end: 1 }, 'Tell {{who}} about {{what}}');
    expect(draft.slice(selection.start, selection.end)).toBe('{{who}}');
  });
});
