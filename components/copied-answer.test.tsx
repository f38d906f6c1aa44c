// @vitest-environment happy-dom
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { copiedHtml, copiedMarkdownTable, copiedSelection, copiedTable } from '@/lib/browser/copied';
import { MarkdownStream } from '@/lib/markdown/markdown-stream';
import { drawTex } from './draw-tex';
import { DocumentView } from './markdown-blocks';

// KaTeX warns of pages in quirks mode, and takes this one for such.
vi.hoisted(() => Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' }));

/** An answer as it is drawn. Formulas, which are fetched later elsewhere, begin with an x here. */
function draw(text: string): HTMLElement {
  const answer = document.createElement('div');
  answer.className = 'answer';
  answer.innerHTML = renderToStaticMarkup(<DocumentView {...new MarkdownStream('answer-a-').update(text, true)} />);
  for (const code of answer.querySelectorAll('code')) {
    const tex = code.textContent ?? '';
    const { html } = drawTex(tex, code.matches('.math-display > code'));
    if (tex.startsWith('x')) code.outerHTML = `<span class="math">${html}</span>`;
  }
  document.body.replaceChildren(answer);
  return answer;
}

const htmlOf = (text: string) => copiedHtml(draw(text));

describe('a copied answer', () => {
  it.each([
    ['a heading', '## One', '<h2>One</h2>'],
    ['marked words', '*a* **b** ~~c~~ `d`', '<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>'],
    ['a paragraph of two lines', 'a\nb', '<p>a b</p>'],
    ['a line that is broken', 'a\\\nb', '<p>a<br>b</p>'],
    ['lists in lists', '3. a\n   - b\n4. c', '<ol start="3"><li>a<ul><li>b</li></ul></li><li>c</li></ol>'],
    ['a loose list', '- a\n\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
    ['a list of tasks', '- [x] a\n- [ ] b', '<ul><li>☑ a</li><li>☐ b</li></ul>'],
    ['a quote', '> a\n>\n> b', '<blockquote><p>a</p><p>b</p></blockquote>'],
    ['code', '```ts\nconst a = 1;\n\n\tb();\n```', '<pre><code>const a = 1;\n\n\tb();</code></pre>'],
    ['a link', '[a](https://a.example/b?c#d)', '<p><a href="https://a.example/b?c#d">a</a></p>'],
    ['a link to nowhere', '[a](b.html) [c](#d)', '<p>a c</p>'],
    ['an image', '![A map](https://a.example/b.png)', '<p><a href="https://a.example/b.png">A map</a></p>'],
    [
      'an image in a link',
      '[![a](https://a.example/b.png)](https://a.example/)',
      '<p><a href="https://a.example/">Image: a</a></p>',
    ],
    ['a footnote', 'a[^1]\n\n[^1]: b', '<p>a<sup>1</sup></p><ol><li><p>b </p></li></ol>'],
  ])('has %s', (_, text, html) => {
    expect(htmlOf(text)).toBe(html);
  });

  it('has tables with borders, and each column on its side', () => {
    expect(htmlOf('| a | b |\n|---|--:|\n| c | **d** |')).toBe(
      '<table border="1" cellpadding="5" cellspacing="0" style="border-collapse: collapse;">' +
        '<thead><tr><th>a</th><th align="right">b</th></tr></thead>' +
        '<tbody><tr><td>c</td><td align="right"><strong>d</strong></td></tr></tbody></table>',
    );
  });

  it('has formulas as MathML, their TeX in no place where it would be read', () => {
    const html = htmlOf('So $x^2$ and\n\n$$\nx_1\n$$');
    expect(html).toContain(
      '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x^2"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>',
    );
    expect(html).toContain('display="block"');
    expect(html).not.toMatch(/annotation|semantics|class=|<span|x\^2<|style=/);
  });

  it('has the code of a diagram that is shown in its place', () => {
    const answer = draw('```mermaid\npie\n```');
    answer.querySelector('pre')?.setAttribute('hidden', '');
    expect(copiedHtml(answer)).toBe('<pre><code>pie</code></pre>');
  });

  it('has no notice of ours', () => {
    const deep = `${'> '.repeat(200)}deep`;
    expect(draw(deep).textContent).toContain('plain text');
    expect(htmlOf(deep)).not.toContain('plain text:');
    expect(htmlOf(deep)).toContain('style="white-space: pre-wrap;"');
  });
});

/** The text node with these words, and the place of them in it. */
function find(root: Node, words: string): readonly [Text, number] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node instanceof Text ? node.data.indexOf(words) : -1;
    if (node instanceof Text && at >= 0) return [node, at];
  }
  throw new Error(`${words} is not there`);
}

/** What is copied when an answer is selected from the beginning of some words to the end of others. */
function select(text: string, from: string, to = from) {
  const answer = draw(text);
  const [start, startOffset] = find(answer, from);
  const [end, at] = find(answer, to);
  return copiedSelection(selectRange(start, startOffset, end, at + to.length), answer);
}

const MIXED = [
  '# Title',
  'A *first* line with $x^2$ in it.[^1]',
  '1. one\n2. two\n   - inner\n3. three',
  '| a | b |\n|---|---|\n| c | d |\n| e | f |',
  '```js\nlet one = 1;\n  let two = 2;\n```',
  '> said\n>\n> - twice',
  '- [x] done',
  '$$\nx_1\n$$',
  '---',
  'last',
  '[^1]: Note',
].join('\n\n');

describe('a selection', () => {
  it('of all is a text to read, and the whole answer', () => {
    expect(select(MIXED, 'Title', 'Note')).toEqual({
      text: [
        'Title',
        'A first line with $x^2$ in it.[1]',
        '1. one\n2. two\n   - inner\n3. three',
        'a\tb\nc\td\ne\tf',
        'let one = 1;\n  let two = 2;',
        '> said\n> \n> - twice',
        '- ☑ done',
        '$$\nx_1\n$$',
        '---',
        'last',
        '1. Note',
      ].join('\n\n'),
      html: htmlOf(MIXED).replace('Note ', 'Note'),
    });
  });

  it.each([
    ['of a word is that word', 'line', 'line', 'line', 'line'],
    ['in marked words is marked', 'irs', 'irs', 'irs', '<em>irs</em>'],
    ['that begins in a mark keeps it', 'rst', 'line', 'rst line', '<em>rst</em> line'],
    ['of one item is its words', 'three', 'three', 'three', 'three'],
    [
      'of some items counts as the list does',
      'two',
      'thr',
      '2. two\n   - inner\n3. thr',
      '<ol start="2"><li>two<ul><li>inner</li></ul></li><li>thr</li></ol>',
    ],
    [
      'of some items after a text does so too',
      'it.',
      'on',
      'it.[1]\n\n1. on',
      '<p>it.<sup>1</sup></p><ol><li>on</li></ol>',
    ],
    ['of one cell is its words', 'd', 'd', 'd', 'd'],
  ])('%s', (_, from, to, text, html) => {
    expect(select(MIXED.replace('Title', 'Top'), from, to)).toEqual({ text, html });
  });

  it('of cells in one row is these cells, and beyond it each is in its column', () => {
    const table = '| a | b | c |\n|---|---|---|\n| d | e | f |\n| g | h | i |';
    expect(select(table, 'd', 'e')?.text).toBe('d\te');
    expect(select(table, 'e', 'g')?.text).toBe('\te\tf\ng\t\t');
  });

  it('within a block of code is the code alone, as it stands there', () => {
    expect(select(MIXED, 'one = 1;', '  let')).toEqual({
      text: 'one = 1;\n  let',
      html: '<pre><code>one = 1;\n  let</code></pre>',
    });
  });

  it('that ends where the next block begins does not bring it along', () => {
    const answer = draw('First.\n\n## Second\n\n- third');
    const [first] = find(answer, 'First.');
    const [second] = find(answer, 'Second');
    expect(copiedSelection(selectRange(first, 0, second, 0), answer)?.html).toBe('<p>First.</p>');
  });

  it('in a formula is the whole formula', () => {
    const answer = draw('So $x^2$.');
    const [drawn] = find(answer.querySelector('.katex-html') ?? answer, 'x');
    expect(copiedSelection(selectRange(drawn, 0, drawn, 1), answer)?.text).toBe('$x^2$');
  });

  it('across messages has what was said in them and nothing of what stands between them', () => {
    const thread = openThread();
    const [question] = find(thread, 'Why');
    const [answer] = find(thread, 'Yes');
    expect(copiedSelection(selectRange(question, 0, answer, 3), thread)).toEqual({
      text: 'Why?\n  So?\n\nBecause.\n\nSure?\n\nYes',
      html: '<p style="white-space: pre-wrap;">Why?<br>  So?</p><p>Because.</p><p>Sure?</p><p>Yes</p>',
    });
  });

  it('that goes on beyond the thread is its part in it', () => {
    const thread = openThread();
    const [answer] = find(thread, 'Yes');
    expect(copiedSelection(selectRange(answer, 0, document.body, 3), thread)?.text).toBe('Yes.');
    expect(copiedSelection(selectRange(document.body, 0, answer, 1), thread)?.text).toMatch(/^Why\?.*\nY$/s);
  });

  it('of what nobody said is left to the browser', () => {
    const thread = openThread();
    const [footer] = find(thread, '1.2 s');
    const [outside] = find(document.body, 'Composer');
    expect(copiedSelection(selectRange(footer, 0, footer, 3), thread)).toBeNull();
    expect(copiedSelection(selectRange(outside, 0, outside, 3), thread)).toBeNull();
  });
});

function selectRange(start: Node, startOffset: number, end: Node, endOffset: number): Selection {
  const range = document.createRange();
  range.setStart(start, startOffset);
  range.setEnd(end, endOffset);
  const selection = document.getSelection();
  if (!selection) throw new Error('nothing can be selected');
  selection.removeAllRanges();
  selection.addRange(range);
  return selection;
}

/** Two turns, between other things. */
function openThread(): Element {
  document.body.innerHTML =
    '<header>Chats</header><section>' +
    '<article><p class="whitespace-pre-wrap">Why?\n  So?</p></article>' +
    '<article><button>Thought for 1 s</button><div hidden=""><p>Hm.</p></div>' +
    '<div class="answer"><p>Because.</p></div><div data-uncopied="">Interrupted.</div><footer><button>Copy</button>1.2 s</footer></article>' +
    '<article><p>Sure?</p></article><article><div class="answer"><p>Yes.</p></div><footer>1.2 s</footer></article>' +
    '</section><div>Composer</div>';
  return document.body.children[1] ?? document.body;
}

function drawTable(text: string): HTMLTableElement {
  const table = draw(text).querySelector('table');
  if (!table) throw new Error('there is no table');
  return table;
}

describe('a copied table', () => {
  it('is cells with tabs between them, for spreadsheets', () => {
    const table =
      '| a | b |\n|---|---|\n| *c*  `d` | $x^2$ |\n| "e" f | g &#10; h&#9;i |\n|  | [j](https://a.example/) |';
    expect(copiedTable(drawTable(table)).text).toBe('a\tb\nc d\t$x^2$\n"""e"" f"\tg h i\n\tj');
  });

  it('is a table with borders, for all else', () => {
    expect(copiedTable(drawTable('| a |\n|---|\n| *c* |')).html).toMatch(/^<table border="1".*<td><em>c<\/em><\/td>/);
  });

  it.each([
    '| a | b | c | d |\n| --- | :--- | :---: | ---: |\n| e | f | g | h |',
    '| **a** | *b* | ~~c~~ | `d` |\n| --- | --- | --- | --- |\n| [e](<https://a.example/>) | https://a.example/ | $x^2$ |  |',
    '| a\\|b | `c\\|d` | ``e`f`` | \\*g\\* |\n| --- | --- | --- | --- |\n| h_i \\_j\\_ | 1 \\< 2 | \\$5 | [k\\] |',
  ])('is the Markdown that it was drawn of: %j', (text) => {
    expect(copiedMarkdownTable(drawTable(text))).toEqual({ text });
  });

  it('is Markdown that is drawn as the same table', () => {
    const odd =
      '| \\\\ &amp;amp; \\` | [a](https://a.example/b\\)c) |\n|---|---|\n| ``` `` ``` **a *b* c** | www.a.example &lt;b&gt; |';
    const again = copiedMarkdownTable(drawTable(odd)).text;
    expect(copiedTable(drawTable(again))).toEqual(copiedTable(drawTable(odd)));
  });
});
