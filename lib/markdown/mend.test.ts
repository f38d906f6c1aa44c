import { describe, expect, it } from 'vitest';
import { Mender } from './mend';
import { parseMarkdown } from './parse-markdown';

const parse = (text: string) => parseMarkdown(text, () => false).tree;

/** What is guessed of a text that grows to these lengths, the last time, and how it is mended then. */
function mend(text: string, ends: readonly number[]) {
  const mender = new Mender();
  let guess = '';
  let mended = '';
  for (const end of ends) {
    const part = text.slice(0, end);
    guess = mender.guess(part, 0);
    mended = mender.mend(part, 0, parse(part));
  }
  return { guess, mended };
}

describe('the end of a text is guessed as it will be mended', () => {
  it.each([
    ['A **bold word', 'A **bold word**', 4],
    ['A line\nand *another', 'A line\nand *another*', 9],
    ['- one\n- **two', '- one\n- **two**', 4],
    ['> one\n>\n> `two', '> one\n>\n> `two`', 4],
    ['- [x] one\n- [ ] ~~two', '- [x] one\n- [ ] ~~two~~', 8],
    ['# One\n\n## **two', '# One\n\n## **two**', 4],
    ['| a | b |\n|---|---|\n| c | **d', '| a | b |\n|---|---|\n| c | **d**', 24],
    ['See [the docs](https://exam', 'See the docs', 10],
  ])('%j', (text, expected, before) => {
    expect(mend(text, [before, text.length])).toEqual({ guess: expected, mended: expected });
  });
});

describe('the end of a text is not guessed', () => {
  it.each([
    ['where it is the first of all', 'A **bold', []],
    ['where it may become another block', '- Foo\n-', [5, 6]],
    ['in code', '```\n`a', [4]],
  ])('%s', (_, text, before) => {
    expect(mend(text, [...before, text.length]).guess).toBe(text);
  });
});

it('complete lines stay as they are', () => {
  expect(mend('A **bold\n', [4, 9]).mended).toBe('A **bold\n');
});
