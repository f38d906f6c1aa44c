import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { messageStart, textDelta, textStart } from './frames';
import { watchPainted } from './painted-places';
import { promptByHand } from './upstream';

const LINES = Array.from({ length: 60 }, (_, line) => `Line ${line + 1} of a long answer.\n\n`);

/** Some come in every frame, whatever holds them up on the way. */
const WORDS_EVERY_MS = 3;

/** A finger has to go some way before it scrolls; from then on the view goes with it. */
const DRAG = { from: 200, to: 500, step: 20, slop: 50 };

test.use({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });

test('a reader who scrolls up by touch while words arrive in every frame goes where the finger goes', async ({
  page,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('touch');
  await chat.composer.fill(prompt);
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), ...LINES.map((line) => textDelta(line)));
  const line = chat.lastAnswer.getByText('Line 60 of a long answer.');
  await expect(line).toBeInViewport();
  const read = await watchPainted(line, 'top');
  const timer = setInterval(() => call.send(textDelta('One more line.\n\n')), WORDS_EVERY_MS);
  await dragDown(page).finally(() => clearInterval(timer));
  const { changes } = await read();
  // Wherever the end had taken it before.
  expect((changes.at(-1) ?? 0) - Math.min(...changes)).toBeGreaterThan(DRAG.to - DRAG.from - DRAG.slop);
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
});

async function dragDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove', y: number) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x: 195, y }] });
  await touch('touchStart', DRAG.from);
  for (let y = DRAG.from; y <= DRAG.to; y += DRAG.step) await touch('touchMove', y);
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
