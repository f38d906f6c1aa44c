import { describe, expect, it } from 'vitest';
import { isHostileMarkdown } from './hostile-markdown';

/** As much as one answer usually has at most. */
const ANSWER_CHARS = 30_000;

const repeated = (part: string) => part.repeat(Math.ceil(ANSWER_CHARS / part.length)).slice(0, ANSWER_CHARS);

describe('a text is hostile', () => {
  it.each(['*a **a ', 'a**b', '![', '[a](<b', 'a <!A ', '`a', '*a_ ', 'a\n**b', '> *a **a\n'])(
    'when one paragraph of it is full of marks: %j',
    (part) => {
      expect(isHostileMarkdown(repeated(part))).toBe(true);
    },
  );

  it.each(['- ', '> ', '>', '1. ', '* > '])('when a line of it opens a hundred blocks: %j', (opening) => {
    expect(isHostileMarkdown(`Hello\n${opening.repeat(101)}a`)).toBe(true);
    expect(isHostileMarkdown(`Hello\n${opening.repeat(50)}a`)).toBe(false);
  });

  it.each(['    ```\n', '``` a`b\n'])('also behind what only looks like the start of code: %j', (line) => {
    expect(isHostileMarkdown(line + repeated('*a '))).toBe(true);
  });

  it.each(['```', '~~~'])('also behind code that ends: %s', (fence) => {
    expect(isHostileMarkdown(`${fence}\nx\n${fence}\n${repeated('*a ')}`)).toBe(true);
  });
});

describe('a text is not hostile', () => {
  it.each([
    'Some **bold** words and a [link](https://example.com).\n\n',
    '- an *item* with `code`\n',
    '12. an *item* with `code`\n',
    '| *a* | **b** | `c` |\n',
    '# A *heading*\n',
    'words and nothing else ',
  ])('however long it is: %j', (part) => {
    expect(isHostileMarkdown(repeated(part))).toBe(false);
  });

  it.each(['```', '~~~'])('for what stands in its code: %s', (fence) => {
    expect(isHostileMarkdown(`${fence}c\n${repeated('*p = &a[i];')}`)).toBe(false);
  });
});
