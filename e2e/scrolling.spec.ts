import type { Page } from '@playwright/test';
import { readAnswer } from '@/lib/demo/answers';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import { promptByHand } from './upstream';
import type { UpstreamCall } from './upstream-call';

const LONG_ANSWER = ['journey', 'compare', 'math'].map(readAnswer).join('\n\n');
const STEP_CHARS = 60;
const LINES = Array.from({ length: 60 }, (_, line) => `Line ${line + 1} of a long answer.\n\n`);

const scroller = (page: Page) => page.getByRole('region', { name: 'Messages' });
const distanceFromEnd = (page: Page) =>
  scroller(page).evaluate((box) => Math.round(box.scrollHeight - box.clientHeight - box.scrollTop));

function finish(call: UpstreamCall): void {
  call.send(blockStop(), messageEnd());
  call.end();
}

test('the view follows the answer, leaves a reader who scrolled up where he is, and jumps back on request', async ({
  page,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('scroll');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), ...LINES.map((line) => textDelta(line)));
  await expect(chat.lastAnswer).toContainText('Line 60');
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(4);

  await scroller(page).hover();
  await page.mouse.wheel(0, -600);
  const jump = page.getByRole('button', { name: 'Jump to latest' });
  await expect(jump).toBeVisible();
  const position = await scroller(page).evaluate((box) => box.scrollTop);
  call.send(...LINES.map((line) => textDelta(`Again: ${line}`)));
  await expect(chat.lastAnswer).toContainText('Again: Line 60');
  expect(await scroller(page).evaluate((box) => box.scrollTop)).toBe(position);

  await jump.click();
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(4);
  await expect(jump).toBeHidden();
  finish(call);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

test('the view can be left by keyboard while words arrive, and stays where a reader has opened something', async ({
  page,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('scroll by keyboard');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), thinkingStart(0), thinkingDelta('Hm.', 0), blockStop(0));
  call.send(textStart(1), ...LINES.map((line) => textDelta(line, 1)));
  await expect(chat.lastAnswer).toContainText('Line 60');
  await expect.poll(() => distanceFromEnd(page)).toBeLessThan(4);

  await expect(chat.composer).toBeFocused();
  await page.keyboard.press('PageUp');
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
  call.send(...LINES.map((line) => textDelta(`Again: ${line}`, 1)));
  await expect(chat.lastAnswer).toContainText('Again: Line 60');
  expect(await distanceFromEnd(page)).toBeGreaterThan(1000);

  const thought = page.getByRole('button', { name: /^Thought for/ });
  await thought.scrollIntoViewIfNeeded();
  const before = await thought.boundingBox();
  await thought.click();
  await expect(page.getByText('Hm.')).toBeVisible();
  expect(await thought.boundingBox()).toEqual(before);
});

test('the thread never shrinks and never goes blank while a long answer streams', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('grow');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  await page.evaluate(watchHeight);
  call.send(messageStart(), textStart());
  for (let at = 0; at < LONG_ANSWER.length; at += STEP_CHARS) {
    call.send(textDelta(LONG_ANSWER.slice(at, at + STEP_CHARS)));
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  // A line that is text until the next characters make it a link definition, which shows nothing.
  call.send(textDelta('\n\n[a label'));
  await expect(chat.lastAnswer).toContainText('a label');
  call.send(textDelta(']: https://example.org\n'));
  await expect(chat.lastAnswer).not.toContainText('a label');
  finish(call);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  const { steps, drops } = await page.evaluate(() => window.heights);
  expect(steps).toBeGreaterThan(50);
  expect(drops).toEqual([]);
});

declare global {
  interface Window {
    heights: { steps: number; drops: string[] };
  }
}

/** Runs in the page: notes every frame in which a running answer is lower than in the one before. */
function watchHeight(): void {
  window.heights = { steps: 0, drops: [] };
  let last = 0;
  const look = () => {
    const answer = document.querySelector<HTMLElement>('article[data-status="streaming"]');
    const height = answer?.offsetHeight ?? last;
    if (height > last) window.heights.steps += 1;
    if (height < last) window.heights.drops.push(`${last} to ${height}: ${answer?.innerText.slice(-80)}`);
    last = height;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
