import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { promptByHand } from './upstream';

const SCREENS = [
  { screen: 'a desktop', use: {} },
  { screen: 'a phone', use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } },
];

for (const { screen, use } of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.use(use);

    test('the tab says that an answer runs, and that one came while nobody looked', async ({ page, upstream }) => {
      const chat = await ChatPage.open(page);
      await expect(page).toHaveTitle('Rivulet');
      const prompt = promptByHand('a question');
      await chat.composer.fill(prompt);
      await chat.sendButton.click();
      const call = await upstream.nextCall(prompt);
      await expect(page).toHaveTitle(/^… Answered by hand: .* · Rivulet$/);
      await setHidden(page, true);
      call.send(wholeAnswer('An answer.'));
      call.end();
      await expect(page).toHaveTitle(/^● Answered by hand: .* · Rivulet$/);
      await setHidden(page, false);
      await expect(page).toHaveTitle(/^Answered by hand: .* · Rivulet$/);
    });
  });
}

test('an answer that was seen to its end leaves no mark on the tab', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('another question');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  await expect(page).toHaveTitle(/^… /);
  call.send(wholeAnswer('An answer.'));
  call.end();
  await expect(page).toHaveTitle(/^Answered by hand: /);
});

/** Playwright's pages are always shown: says otherwise, as the browser would. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: hidden ? 'hidden' : 'visible' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}
