import type { Frame, Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { HOSTILE_DIAGRAMS, LONG_DIAGRAM, MANY_EDGES } from './hostile-diagrams';
import { FAILED_REQUEST } from './page-errors';
import { plantTripwire } from './tripwire';
import { promptByHand, type Upstream } from './upstream';

const DIAGRAM = 'flowchart TD\n  A[Ask] --> B{Known?}\n  B -->|yes| C[Answer]\n  B -->|no| D[Look it up]\n  D --> C';
const WIDE = `flowchart LR\n${Array.from({ length: 20 }, (_, at) => `  N${at}[Step ${at}] --> N${at + 1}[Step ${at + 1}]`).join('\n')}`;

const inFence = (diagram: string) => `Look:\n\n\`\`\`mermaid\n${diagram}\n\`\`\`\n\nSo much for that.`;

// A recorder runs scripts in each frame, and the one of a diagram refuses them aloud.
test.use({ trace: 'off' });
// Some of it waits for limits.
test.describe.configure({ timeout: 60_000 });

/** Has the page show an answer with this diagram in it. */
async function showAnswer(chat: ChatPage, upstream: Upstream, diagram: string): Promise<void> {
  const prompt = promptByHand('a diagram');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer(inFence(diagram)));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
}

/** A busy machine takes its time to load and to draw. */
const SOON = { timeout: 15_000 };

const showButton = (chat: ChatPage) => chat.lastAnswer.getByRole('button', { name: 'Show diagram' });
const codeButton = (chat: ChatPage) => chat.lastAnswer.getByRole('button', { name: 'Show code' });
const codeOf = (chat: ChatPage) => chat.lastAnswer.locator('pre');
const frameOf = (chat: ChatPage) => chat.lastAnswer.locator('iframe');
const drawingIn = (chat: ChatPage) => frameOf(chat).contentFrame().locator('#drawing > svg');

/** The page in the frame of the last answer. */
async function insideOf(chat: ChatPage): Promise<Frame> {
  const frame = await (await frameOf(chat).elementHandle())?.contentFrame();
  if (!frame) throw new Error('there is no frame');
  return frame;
}

/** What the page has asked our server for, to draw diagrams. */
function watchRequests(page: Page): readonly string[] {
  const paths: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/diagram')) paths.push(pathname);
  });
  return paths;
}

test('a diagram is drawn when its reader wants it, and the code is there again at any time', async ({
  page,
  upstream,
  live,
}) => {
  const requests = watchRequests(page);
  const tripwire = await plantTripwire(page, new URL(live.url).origin);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('a growing diagram');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Look:\n\n```mermaid\n'), textDelta(DIAGRAM));
  await expect(codeOf(chat)).toContainText('Look it up');
  await expect(showButton(chat)).toHaveCount(0);
  call.send(textDelta('\n```\n\nSo much for that.'));
  await expect(chat.lastAnswer).toContainText('So much');
  await expect(showButton(chat)).toHaveCount(0);
  call.send(blockStop(), messageEnd());
  call.end();
  await expect(showButton(chat)).toBeVisible();
  await expect(codeOf(chat)).toBeVisible();
  expect(requests).toEqual([]);

  await showButton(chat).focus();
  const before = await showButton(chat).boundingBox();
  await page.keyboard.press('Enter');
  await expect(codeButton(chat)).toBeFocused();
  await expect(drawingIn(chat)).toBeVisible(SOON);
  await expect(drawingIn(chat)).toContainText('Look it up');
  await expect(codeOf(chat)).toBeHidden();
  expect((await codeButton(chat).boundingBox())?.y, 'what was pressed stays where it is').toBe(before?.y);
  await expect(frameOf(chat)).toHaveAttribute('sandbox', 'allow-scripts');
  await expect(frameOf(chat)).toHaveAccessibleName(/^Diagram: .*Ask/);
  await expect(chat.lastAnswer.getByRole('button', { name: 'Copy code' })).toBeVisible();
  expect(requests.filter((path) => path.endsWith('.mjs')).length).toBeGreaterThan(5);
  // The frame is as high as the drawing.
  const inside = await insideOf(chat);
  expect(await inside.evaluate(() => document.querySelector('#drawing')?.scrollHeight === innerHeight)).toBe(true);
  expect(await inside.evaluate(() => origin)).toBe('null');

  await page.keyboard.press('Enter');
  await expect(codeOf(chat)).toBeVisible();
  await expect(frameOf(chat)).toHaveCount(0);
  await expect(showButton(chat)).toBeFocused();
  expect(await tripwire.read()).toEqual([]);
});

test('a diagram of an answer that was cut is code', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('half a diagram');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('```mermaid\nflowchart TD\n  A --> B'), blockStop());
  call.send(messageEnd('max_tokens'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText('Mermaid');
  await expect(showButton(chat)).toHaveCount(0);
});

test('a diagram with a mistake says so and stays code', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await showAnswer(chat, upstream, 'flowchart TD\n  A --> B\n  C -->');
  await showButton(chat).click();
  await expect(chat.lastAnswer).toContainText(
    /This diagram cannot be drawn: (its text|line \d) is not understood\./,
    SOON,
  );
  await expect(codeOf(chat)).toBeVisible();
  await expect(frameOf(chat)).toHaveCount(0);

  await showAnswer(chat, upstream, 'What is this?');
  await showButton(chat).click();
  await expect(chat.lastAnswer).toContainText('This diagram cannot be drawn: its text is not understood.', SOON);
});

test('what could not be loaded is loaded when the button is pressed again', async ({ page, upstream, pageErrors }) => {
  pageErrors.allow(FAILED_REQUEST);
  const chat = await ChatPage.open(page);
  await showAnswer(chat, upstream, DIAGRAM);
  await page.route('**/diagram/**/*.mjs', (route) => route.abort());
  await showButton(chat).click();
  await expect(chat.lastAnswer).toContainText('What draws diagrams could not be loaded.', SOON);
  await expect(codeOf(chat)).toBeVisible();
  await page.unroute('**/diagram/**/*.mjs');
  await showButton(chat).click();
  await expect(drawingIn(chat)).toBeVisible(SOON);
  await expect(chat.lastAnswer).not.toContainText('could not be loaded');
});

test('a diagram that has no end is given up, and the page lives on meanwhile', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await showAnswer(chat, upstream, DIAGRAM);
  const body = 'export default { initialize() {}, async parse() {}, render() { for (;;); } };';
  await page.route('**/mermaid.esm.min.mjs', (route) =>
    route.fulfill({ body, contentType: 'text/javascript', headers: { 'Access-Control-Allow-Origin': '*' } }),
  );
  await showButton(chat).click();
  await expect(chat.lastAnswer.getByRole('button', { name: 'Drawing…' })).toBeVisible();
  await expectAlive(chat);
  await expect(chat.lastAnswer).toContainText('This diagram took too long to draw.', { timeout: 20_000 });
  await expect(frameOf(chat)).toHaveCount(0);
  await expect(codeOf(chat)).toBeVisible();
  await expectAlive(chat);
});

/** The page answers to a click, and to keys. */
async function expectAlive(chat: ChatPage): Promise<void> {
  await chat.composer.click({ timeout: 2000 });
  await chat.composer.fill('still here', { timeout: 2000 });
  await expect(chat.sendButton).toBeEnabled({ timeout: 2000 });
  await chat.composer.fill('');
}

for (const [name, diagram] of Object.entries(HOSTILE_DIAGRAMS)) {
  test(`a diagram with ${name} does no harm`, async ({ page, upstream, live, pageErrors }) => {
    // The frame's policy refuses what gets that far, and says so.
    pageErrors.allow(/Content Security Policy|sandboxed/);
    const tripwire = await plantTripwire(page, new URL(live.url).origin);
    const asked: string[] = [];
    // Only what no policy has refused gets here.
    await page.route(/evil\.example/, (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    const chat = await ChatPage.open(page);
    await showAnswer(chat, upstream, diagram);
    await showButton(chat).click();
    await expect(codeButton(chat).or(sentenceIn(chat))).toBeVisible(SOON);
    // With the sentence the frame goes.
    const drawings = (await codeButton(chat).isVisible()) ? page.frames().slice(1) : [];
    for (const frame of drawings) await pressEverything(frame);
    const links = await Promise.all(drawings.map(findLinks));
    expect(links.flat()).toEqual([]);
    await expectAlive(chat);
    expect(new URL(page.url()).origin).toBe(new URL(live.url).origin);
    expect((await tripwire.read()).filter((what) => !/^(?:refused|request): /.test(what))).toEqual([]);
    expect(asked).toEqual([]);
    for (const frame of page.frames()) expect(new URL(frame.url()).origin).toBe(new URL(live.url).origin);
  });
}

const sentenceIn = (chat: ChatPage): Locator => chat.lastAnswer.getByText(/^This diagram/);

const findLinks = (frame: Frame) =>
  frame.evaluate(() =>
    Array.from(document.querySelectorAll('#drawing *'))
      .flatMap((element) => [element.getAttribute('href'), element.getAttribute('xlink:href')])
      .filter((address) => address !== null && !address.startsWith('#')),
  );

/** Clicks wherever a drawing could have a handler. */
async function pressEverything(frame: Frame): Promise<void> {
  await frame.evaluate(() => {
    for (const element of document.querySelectorAll('#drawing *')) {
      for (const type of ['mouseover', 'focus', 'click']) {
        element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
      }
    }
  });
}

for (const [name, diagram] of Object.entries({
  'of many edges': MANY_EDGES,
  'of too many lines': LONG_DIAGRAM,
})) {
  test(`a diagram ${name} is too large`, async ({ page, upstream }) => {
    const chat = await ChatPage.open(page);
    await showAnswer(chat, upstream, diagram);
    await showButton(chat).click();
    await expect(chat.lastAnswer).toContainText('This diagram is too large to draw.', SOON);
    await expectAlive(chat);
  });
}

test('a diagram is drawn again in the colours of the page when they change', async ({ page, upstream }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const chat = await ChatPage.open(page);
  await showAnswer(chat, upstream, `${DIAGRAM}\n  style A fill:#fdf6e3`);
  await showButton(chat).click();
  await expect(drawingIn(chat)).toBeVisible(SOON);
  const colourOf = (label: string) =>
    frameOf(chat)
      .contentFrame()
      .locator('.nodeLabel', { hasText: label })
      .evaluate((element) => getComputedStyle(element).color);
  expect(await colourOf('Answer')).toBe('rgb(28, 31, 30)');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => colourOf('Answer'), SOON).toBe('rgb(231, 229, 222)');
  expect(await colourOf('Ask'), 'words on a light ground of its own stay dark').toBe('rgb(28, 31, 30)');
  await expect(codeButton(chat)).toBeVisible();
});

test('axe finds nothing in a diagram and around it', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await showAnswer(chat, upstream, DIAGRAM);
  await showAnswer(chat, upstream, WIDE);
  for (const answer of await chat.answers.all()) await answer.getByRole('button', { name: 'Show diagram' }).click();
  await expect(page.getByRole('button', { name: 'Show code' })).toHaveCount(2, SOON);
  expect(await findViolations(page)).toEqual([]);
});

test('a wide diagram scrolls inside itself on a phone, by keys too', async ({ page, upstream }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const chat = await ChatPage.open(page);
  await showAnswer(chat, upstream, WIDE);
  await showButton(chat).focus();
  await page.keyboard.press('Enter');
  await expect(drawingIn(chat)).toBeVisible(SOON);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const box = await frameOf(chat).boundingBox();
  expect(box?.width).toBeLessThan(320);
  // Past Download and Copy into the frame.
  for (let steps = 0; steps < 3; steps += 1) await page.keyboard.press('Tab');
  const inside = await insideOf(chat);
  await expect.poll(() => inside.evaluate(() => document.activeElement?.id)).toBe('drawing');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => inside.evaluate(() => document.querySelector('#drawing')?.scrollLeft)).toBeGreaterThan(0);
});

test('a page for diagrams and what it needs come from us, and belong to no other page', async ({ live }) => {
  const page = await fetch(`${live.url}/diagram`);
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; .*frame-ancestors 'self'; sandbox allow-scripts$/,
  );
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const [, entry = ''] = /"mermaid":"([^"]+)"/.exec(await page.text()) ?? [];
  const script = await fetch(live.url + entry);
  expect(script.status).toBe(200);
  expect(Object.fromEntries(script.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  for (const path of [
    '/diagram/1.0.0/mermaid.esm.min.mjs',
    entry.replace('mermaid.esm', 'other'),
    '/diagram/nothing',
  ]) {
    expect((await fetch(live.url + path)).status).toBe(404);
  }
});
