import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { appendText } from '@/lib/markdown/append-text';
import { ParseBudget } from '@/lib/markdown/parse-budget';
import { type MarkdownDocument, StreamedDocument } from '@/lib/markdown/streamed-document';
import { DocumentView } from './markdown-blocks';
import { COMMONMARK } from './markdown-examples.fixture';

/** What is seen: space at the end of a text is not. */
const seen = (document: MarkdownDocument) =>
  renderToStaticMarkup(<DocumentView {...document} />).replaceAll(/ +(?=<|$)/g, '');

/** Feeds a text and holds what was appended against what was parsed. Gives how often something was. */
function compare(text: string, sizes: readonly number[]): number {
  const document = new StreamedDocument('a-', new ParseBudget(() => 0));
  let drawn: MarkdownDocument | null = null;
  let appended = 0;
  for (let start = 0, piece = 0; start < text.length; piece += 1) {
    const end = start + (sizes[piece % sizes.length] ?? 1);
    const delta = text.slice(start, end);
    const quick = drawn && appendText(drawn, text.slice(0, start), delta);
    document.append(delta);
    drawn = document.draw();
    if (quick) {
      appended += 1;
      expect(seen(quick), `after ${JSON.stringify(text.slice(0, end))}`).toBe(seen(drawn));
    }
    start = end;
  }
  return appended;
}

describe('words that are appended', () => {
  it.each(COMMONMARK)('are drawn as if they were parsed: $name', ({ text }) => {
    compare(text, [1]);
    compare(text, [3, 1, 7, 2]);
  });

  const WORDS = ['a', 'word', 'www.', 'x@y.de', 'http', '://', '.', '1', '1.', ')', '*', '**', '`', '[', ']', '(', '!'];
  const MARKS = [
    ' ',
    ' ',
    ' ',
    ',',
    '\n',
    '\n\n',
    '\n- ',
    '\n> ',
    '\n# ',
    '\n    ',
    '- [ ] ',
    '|',
    '---',
    '~',
    '&',
    ';',
    '<',
  ];

  it('are so in any mixture of words and marks', { timeout: 60_000 }, () => {
    const text = fc
      .array(fc.constantFrom(...WORDS, ...MARKS, 'é', '中文', '.com', ':'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
        (mixed, sizes) => void compare(mixed, sizes),
      ),
      {
        numRuns: 500,
        seed: 20_261_121,
      },
    );
  });

  it('are most of an ordinary answer', () => {
    const text = 'A paragraph of some words, and a second sentence. '.repeat(10);
    expect(compare(text, [4])).toBeGreaterThan(90);
  });
});
