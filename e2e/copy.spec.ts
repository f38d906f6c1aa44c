import type { Locator, Page } from '@playwright/test';
import { OWN_ATTACKS } from './attacks';
import { readClipboard, TABLE_HTML, TABLE_TEXT, textBoxOf } from './clipboard';
import { expect, test } from './fixtures';
import { openAnswer } from './open-answer';

const ANSWER = [
  'The *area* is $x^2$.',
  TABLE_TEXT,
  '```ts\nconst side = 2;\nconst area = side ** 2;\n```',
  '- [x] See [the page](https://good.example/a).',
].join('\n\n');

const FORMULA =
  '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x^2"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>';

const HTML = [
  `<p>The <em>area</em> is ${FORMULA}.</p>`,
  TABLE_HTML,
  '<pre><code>const side = 2;\nconst area = side ** 2;</code></pre>',
];

const READ_TEXT = ['The area is $x^2$.', 'Side\tArea\n1\t1\n2\t4', 'const side = 2;\nconst area = side ** 2;'];

test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

/** Selects with the mouse from the beginning of one line to the end of another, and copies. */
async function copyBetween(page: Page, first: Locator, last: Locator): Promise<void> {
  const height = (await last.boundingBox())?.height ?? 0;
  await first.click({ position: { x: 0, y: 4 } });
  const { width } = await last.evaluate(textBoxOf);
  await last.click({ position: { x: width - 1, y: height - 4 }, modifiers: ['Shift'] });
  await page.keyboard.press('ControlOrMeta+c');
}

test('a copied message keeps its form, and is Markdown where only text is wanted', async ({ page, upstream }) => {
  const { lastAnswer } = await openAnswer(page, upstream, ANSWER);
  await expect(lastAnswer.locator('.katex')).toBeVisible();
  await lastAnswer.getByRole('button', { name: 'Copy message' }).click();
  await expect(lastAnswer.getByText('Copied').first()).toBeVisible();
  expect(await readClipboard(page)).toEqual({
    'text/plain': ANSWER,
    'text/html': `${HTML.join('')}<ul><li>☑ See <a href="https://good.example/a">the page</a>.</li></ul>`,
  });
});

test('a browser that takes text alone is given that, and one that takes nothing says so', async ({
  page,
  upstream,
}) => {
  const { lastAnswer } = await openAnswer(page, upstream, ANSWER);
  await page.evaluate(() => Object.defineProperty(globalThis, 'ClipboardItem', { value: undefined }));
  await lastAnswer.getByRole('button', { name: 'Copy message' }).click();
  await expect(lastAnswer.getByText('Copied').first()).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(ANSWER);

  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await lastAnswer.getByRole('button', { name: 'Copy message' }).click();
  await expect(lastAnswer.getByText('The browser does not allow it').first()).toBeVisible();
});

test('what is selected is copied as it reads, with its form', async ({ page, upstream }) => {
  const { lastAnswer } = await openAnswer(page, upstream, ANSWER);
  await expect(lastAnswer.locator('.katex')).toBeVisible();
  const lines = lastAnswer.locator('.line');
  // Colours that come later take the end of a selection away.
  await expect(lines.last().locator('.token-keyword')).toBeVisible();
  await copyBetween(page, lastAnswer.getByRole('paragraph').first(), lines.last());
  expect(await readClipboard(page)).toEqual({ 'text/plain': READ_TEXT.join('\n\n'), 'text/html': HTML.join('') });
});

test('what is selected in a block of code is copied as code alone', async ({ page, upstream }) => {
  const { lastAnswer } = await openAnswer(page, upstream, ANSWER);
  const lines = lastAnswer.locator('.line');
  await expect(lines.last().locator('.token-keyword')).toBeVisible();
  await copyBetween(page, lines.first(), lines.last());
  const code = 'const side = 2;\nconst area = side ** 2;';
  expect(await readClipboard(page)).toEqual({ 'text/plain': code, 'text/html': `<pre><code>${code}</code></pre>` });
});

test('a selection of all has what was said, and one in the composer is the browser’s', async ({ page, upstream }) => {
  const chat = await openAnswer(page, upstream, 'The **first**.');
  await chat.composer.fill('A draft');
  await chat.composer.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+c');
  expect(await readClipboard(page)).toEqual({ 'text/plain': 'A draft' });

  await chat.lastAnswer.getByRole('paragraph').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+c');
  const prompt = await chat.lastQuestion.innerText();
  expect(await readClipboard(page)).toEqual({
    'text/plain': `${prompt}\n\nThe first.`,
    'text/html': `<p style="white-space: pre-wrap;">${prompt}</p><p>The <strong>first</strong>.</p>`,
  });
});

test('attacks in an answer are not copied', async ({ page, upstream }) => {
  const { lastAnswer } = await openAnswer(page, upstream, OWN_ATTACKS.join('\n\n'));
  await lastAnswer.getByRole('button', { name: 'Copy message' }).click();
  await expect(lastAnswer.getByText('Copied').first()).toBeVisible();
  const whole = await readClipboard(page);
  expect(whole['text/html']?.length).toBeGreaterThan(1000);
  expect(await findForeign(page, whole['text/html'] ?? '')).toEqual([]);

  await page.getByRole('region', { name: 'Messages' }).click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+c');
  const selected = await readClipboard(page);
  expect(selected['text/html']).toContain(whole['text/html']);
  expect(await findForeign(page, selected['text/html'] ?? '')).toEqual([]);
  expect(await findForeign(page, '<p class="a">a</p><a href="javascript:a()">b</a><img>')).toHaveLength(3);
});

/** What is in HTML that should not leave the page: elements, attributes and addresses that are not known to be harmless. */
function findForeign(page: Page, html: string): Promise<readonly string[]> {
  return page.evaluate((source) => {
    const elements =
      /^(?:h[1-6]|p|ul|ol|li|blockquote|hr|br|pre|code|table|thead|tbody|tr|th|td|strong|em|del|sup|a|math|m[a-z]+)$/;
    const attributes = [
      'href',
      'start',
      'align',
      'border',
      'cellpadding',
      'cellspacing',
      'alttext',
      'xmlns',
      'display',
    ];
    const styles = ['border-collapse: collapse;', 'white-space: pre-wrap;'];
    const { body } = new DOMParser().parseFromString(source, 'text/html');
    const foreign: string[] = [];
    for (const element of body.querySelectorAll('*')) {
      if (!elements.test(element.localName)) foreign.push(element.localName);
      for (const { name, value } of element.attributes) {
        const isKnown = attributes.includes(name) || (name === 'style' && styles.includes(value));
        const isFollowed = name !== 'href' || /^(?:https?|mailto):/.test(value);
        if (!isKnown || !isFollowed) foreign.push(`${name}="${value}"`);
      }
    }
    return foreign;
  }, html);
}
