import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { drawTex } from './draw-tex';
import { DrawnFormula, Formula } from './formula';

it('a formula is its source as long as nothing can draw it', () => {
  expect(renderToStaticMarkup(createElement(Formula, { tex: 'x<y', isDisplay: false }))).toBe('<code>x&lt;y</code>');
});

it('a formula that cannot be drawn is its source, and says why', () => {
  const markup = renderToStaticMarkup(createElement(DrawnFormula, { tex: '\\frac', isDisplay: false, draw: drawTex }));
  expect(markup).toMatch(/^<code title="[^"]*end of input[^"]*">\\frac<\/code>$/);
});

it('a formula for lines of its own is in a box that can be reached by keyboard', () => {
  const markup = renderToStaticMarkup(createElement(DrawnFormula, { tex: 'x', isDisplay: true, draw: drawTex }));
  expect(markup).toMatch(/^<span tabindex="0" class="math-display"><span class="math"><span class="katex-display">/);
});
