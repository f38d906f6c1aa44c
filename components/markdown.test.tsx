import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import ReactMarkdown, { type Components, type Options } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { describe, expect, it } from 'vitest';
import { codeOf, toBlock } from '@/lib/markdown/block';
import { MarkdownStream } from '@/lib/markdown/markdown-stream';
import { remarkMath } from '@/lib/markdown/math';
import { ParseBudget } from '@/lib/markdown/parse-budget';
import { COMPONENTS, CodeView, DocumentView } from './markdown-blocks';
import { COMMONMARK, type Example, readExamples } from './markdown-examples.fixture';

const PREFIX = 'answer-a-';

const REHYPE_PLUGINS: Options['rehypePlugins'] = [[rehypeSanitize, { ...defaultSchema, clobberPrefix: '' }]];

const REFERENCE: Components = {
  ...COMPONENTS,
  input: ({ node: _, ...props }) => <COMPONENTS.input {...props} />,
  ul: ({ node: _, ...props }) => <COMPONENTS.ul {...props} />,
  ol: ({ node: _, ...props }) => <COMPONENTS.ol {...props} />,
  blockquote: ({ node: _, ...props }) => <COMPONENTS.blockquote {...props} />,
  pre({ node, children }) {
    const block = node && codeOf(node) ? toBlock(node, null) : null;
    if (!block || typeof block === 'string' || block.type !== 'code') return <pre>{children}</pre>;
    return <CodeView {...block} />;
  },
};

/** What one pass of react-markdown over the whole text gives. */
const drawnWhole = (text: string) =>
  renderToStaticMarkup(
    <ReactMarkdown
      remarkPlugins={[remarkGfm, remarkMath]}
      rehypePlugins={REHYPE_PLUGINS}
      remarkRehypeOptions={{ clobberPrefix: PREFIX }}
      components={REFERENCE}
    >
      {text}
    </ReactMarkdown>,
  );

/** However slow the machine is, nothing of these is plain text. */
const openBudget = () => new ParseBudget(() => 0);

/** What is drawn at the end of a text that comes in pieces of these sizes, again and again. */
function drawnInPieces(text: string, sizes: readonly number[]): string {
  const stream = new MarkdownStream(PREFIX, openBudget);
  for (let end = 0, piece = 0; end < text.length; piece += 1) {
    end += sizes[piece % sizes.length] ?? text.length;
    stream.update(text.slice(0, end), false);
  }
  return renderToStaticMarkup(<DocumentView {...stream.update(text, true)} />);
}

const pieceSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

function expectIdentity({ text }: Example, sizes: readonly (readonly number[])[]) {
  const whole = drawnWhole(text);
  for (const each of sizes) expect(drawnInPieces(text, each)).toBe(whole);
}

const ODD_SIZES = [7, 1, 23, 2, 40, 11];

describe('a text that has come in pieces is drawn as if it had come as a whole', () => {
  it.each(COMMONMARK)('$name', (example) => {
    expectIdentity(example, [[], [1], ODD_SIZES]);
  });
});

const corpora = process.env.CORPORA_DIR;
if (!corpora) console.info('CORPORA_DIR is not set: the texts of others are not drawn.');

describe.runIf(corpora)('so are the texts of others', () => {
  const { short, long } = corpora ? readExamples(`${corpora}/markdown`) : { short: [], long: [] };

  it.each(short)('$name', (example) => {
    expectIdentity(example, [[], [1], ODD_SIZES]);
  });

  it.each(long)('$name', { timeout: 60_000 }, (example) => {
    expectIdentity(example, [[], [61, 7, 130], [example.text.length - 1, 1]]);
  });
});

/** What is defined late, and in what. */
const LATE = [
  'See [a][one].[^x]\n\n[^x]: A note with [b][two].\n\nAnother.\n\n[one]: /1\n[two]: /2',
  'See [a].[^x]\n\n- [^x]: In [a] list.\n\nAnother.[^y]\n\n[a]: /1\n\n[^y]: End',
  'A[^a].\n\n[^a]: see [^b].\n\nB[^c].\n\n[^b]: bb\n\n[^c]: cc',
  '[x]: /u\n2. K | b\n|---|---|\n| c | d |',
  '[x]: /u\n2. *k*\n|---|\n| a |',
  `- first item [x]\n\n-${' '.repeat(18)}-${' '.repeat(18)}-\n\nAnd so on.\n\n[x]: /u`,
  'First.[^b]\n\nSecond.[^a]\n\nThird.\n\n[^a]: One\n\nMore.\n\n[^b]: Two\n\nLast.',
];

describe('what is defined late changes what has asked for it', () => {
  it.each(LATE)('%j', (text) => {
    expectIdentity({ name: '', text }, [[], [1], ODD_SIZES, [text.length - 10]]);
  });
});

/** Puts a text into a container, or leaves it alone. */
const WRAPPINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll(/^/gm, '> '),
  (text) => text.replaceAll(/^/gm, '>'),
  (text) => `- ${text.replaceAll('\n', '\n  ')}`,
  (text) => `1. ${text.replaceAll('\n', '\n   ')}`,
  (text) => `- > ${text.replaceAll('\n', '\n  > ')}`,
];

const FORMULAS = ['$x$ and $5\n', '$$\nx\n\ny\n$$\n', '\\[\nx\n- y\n', 'a \\[x\\]\n', 'a $$\nb\n', '```math\nx\n```\n'];

const wrapping = fc.constantFrom(...WRAPPINGS);
const joint = fc.constantFrom('\n\n', '\n', '', '\n\n\n', '\n- ', '\n\n  ');
const part = fc
  .tuple(fc.constantFrom(...COMMONMARK.map(({ text }) => text), ...FORMULAS), wrapping, joint)
  .map(([text, wrap, end]) => wrap(text) + end);
const mixture = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 7 }), wrapping)
  .map(([parts, wrap]) => wrap(parts.join('')));

describe('a text made of others', () => {
  it('is drawn as a whole too, wherever it is cut, and in whatever the others are', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(mixture, pieceSizes, (text, sizes) => {
        expect(drawnInPieces(text, sizes)).toBe(drawnWhole(text));
      }),
      { numRuns: 1000, seed: 20_261_121 },
    );
  });
});
