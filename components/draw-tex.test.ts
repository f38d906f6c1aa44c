import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawTex } from './draw-tex';

const TAG = /<\/?([a-zA-Z]+)((?:\s[\w:-]+="[^"<>]*")*)\s*\/?>/g;

const TAGS =
  'span svg path line math semantics annotation mrow mi mo mn ms mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mlabeledtr mstyle mpadded mphantom menclose';
const ATTRIBUTES =
  'class style xmlns encoding aria-hidden width height depth voffset viewBox preserveAspectRatio d x1 x2 y1 y2 stroke-width display mathvariant mathcolor mathbackground mathsize stretchy fence separator lspace rspace minsize maxsize accent accentunder movablelimits symmetric linethickness scriptlevel displaystyle columnalign columnspacing columnlines rowspacing rowlines notation side linebreak';
const PROPERTIES =
  'height width min-width vertical-align margin-left margin-right margin-top top bottom left right position color background-color padding-left border border-color border-style border-width border-right-width border-top-width border-bottom-width text-shadow';

/** What of some HTML KaTeX has no reason to write. */
function strangersIn(html: string): string[] {
  const tags = [...html.matchAll(TAG)];
  const attributes = tags.flatMap(([, , all = '']) => [...all.matchAll(/([\w:-]+)="([^"]*)"/g)]);
  const declarations = attributes
    .filter(([, name]) => name === 'style')
    .flatMap(([, , style = '']) => style.split(';').filter(Boolean));
  return [
    ...tags.map(([, name = '']) => name).filter((name) => !TAGS.split(' ').includes(name)),
    ...attributes.map(([, name = '']) => name).filter((name) => !ATTRIBUTES.split(' ').includes(name)),
    ...declarations.filter((text) => !PROPERTIES.split(' ').includes(text.split(':')[0] ?? '')),
    ...declarations.filter((text) => /[(\\@]|fixed|absolute/.test(text.replaceAll('var(--error)', ''))),
    ...(html.replaceAll(TAG, '').match(/[<>]/g) ?? []),
  ];
}

const HOSTILE = [
  '\\href{javascript:alert(1)}{x}',
  '\\url{https://example.com}',
  '\\includegraphics{https://example.com/a.png}',
  '\\htmlData{a=b}{x}',
  '\\htmlClass{fixed}{x}',
  '\\htmlId{a}{x}',
  '\\htmlStyle{position:fixed}{x}',
  '\\unicode{60}',
  '<img src=x onerror=alert(1)>',
  '\\text{<script>alert(1)</script>}',
  '\\verb|<b>|',
  '\\char"3C b\\char"3E',
  '\\tag{"><img>}',
  '\\color{red;position:fixed}x',
  '\\textcolor{url(https://example.com)}{x}',
  '\\colorbox{#f00}{x}',
  '\\fcolorbox{red}{blue}{"x"}',
  '\\rule{500em}{500em}',
  '\\def\\a{\\a}\\a',
  '\\newcommand{\\a}[1]{#1#1}\\a{\\a{x}}',
  '\\verb\\x\\\\def\\a{\\a\\a}\\a',
];
const ORDINARY = [
  'x',
  '^',
  '_',
  '{',
  '}',
  '&',
  '\\\\',
  '\\frac',
  '\\sqrt',
  '\\left(',
  '\\right)',
  '"',
  "'",
  '<',
  '%',
  '\n',
];
const tex = fc.array(fc.constantFrom(...HOSTILE, ...ORDINARY), { maxLength: 12 }).map((parts) => parts.join(''));

describe('a formula', () => {
  it('is drawn for the eye and for a screen reader', () => {
    const { html } = drawTex('x^2', false);
    expect(html).toContain('<math xmlns="http://www.w3.org/1998/Math/MathML">');
    expect(html).toContain('class="katex-html" aria-hidden="true"');
    expect(html).not.toContain('katex-display');
    expect(drawTex('x^2', true).html).toContain('katex-display');
  });

  it.each(['\\frac', 'a & b', '{', '\\unknown', '\\begin{x}', 'x^2^3', '$'])(
    'that is none has a reason: %j',
    (source) => {
      expect(drawTex(source, false)).toEqual({ problem: expect.stringMatching(/\w/) });
    },
  );

  it.each(HOSTILE.filter((source) => /\\(href|url|incl|html|def|newc)/.test(source)))(
    'is not drawn in part: %j',
    (source) => {
      expect(drawTex(`x ${source}`, true).problem).toContain('not allowed');
    },
  );

  it('asks for no more room than a page has', () => {
    expect(drawTex('\\rule{500em}{500em}', true).html).toContain('height:20em');
    for (const source of ['\\kern{-500em}x', '\\raisebox{-900em}{x}', 'x\\\\[-500em]y']) {
      expect(drawTex(source, true).problem).toContain('room');
    }
  });
});

describe('the HTML of a formula', () => {
  it.each([
    '\\int_0^\\infty \\frac{e^{-x}}{\\sqrt{x}}\\,dx = \\sqrt\\pi',
    '\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} \\xrightarrow{f} \\overbrace{x}^{n} \\cancel{y}',
    '\\begin{cases} 1 & \\text{if } x > 0 \\\\ 0 & \\text{else} \\end{cases} \\tag{1}',
    '\\boxed{\\color{red} \\hat{x} \\neq \\vec{y}} \\pmb{z} \\textcolor{#0a0}{\\mathbb{R}}',
    ...HOSTILE,
  ])('holds nothing but what KaTeX draws with: %j', (source) => {
    expect(strangersIn(drawTex(source, true).html ?? '')).toEqual([]);
  });

  it('does so whatever is put together', () => {
    fc.assert(
      fc.property(tex, (source) => {
        expect(strangersIn(drawTex(source, true).html ?? '')).toEqual([]);
      }),
    );
  });

  it.each([
    '<img src="x">',
    '<span onclick="x">',
    '<span style="position:fixed">',
    '<span style="color:url(x)">',
    '<a href="x">',
    '<',
  ])('is looked at in a way that would find it: %j', (html) => {
    expect(strangersIn(html)).not.toEqual([]);
  });
});

describe('drawing ends', () => {
  const nested = (opening: string, closing: string, depth: number) => opening.repeat(depth) + closing.repeat(depth);

  it.each([
    ['{', '}'],
    ['\\sqrt{', '}'],
    ['x^{', '}'],
    ['\\pmod{', '}'],
    ['\\text{$', '$}'],
    ['\\left(', '\\right)'],
    ['\\begin{matrix}', '\\end{matrix}'],
  ])('however deep it goes: %s', (opening, closing) => {
    expect(drawTex(nested(opening, closing, 25), true).html).toBeDefined();
    expect(drawTex(nested(opening, closing, 100), true).problem).toContain('nested');
    expect(drawTex(nested(opening, closing, 10_000), true).problem).toContain('characters');
  });

  it.each(['a&', 'é', '\\vec{x}', '\\xrightarrow{ab}', '\\dots', "'", '\\sqrt', '\\mathchoice'])(
    'however many marks it has: %s',
    (part) => {
      const source = `\\begin{matrix}${part.repeat(4900 / part.length)}\\end{matrix}`;
      expect(Object.values(drawTex(source, true))).toEqual([expect.any(String)]);
    },
  );
});
