import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { fillHistory } from './history-records';

const TURNS = 1000;

/** What of the answers is drawn as Markdown. To find it by its role would take seconds among so many. */
const drawn = (page: Page) => page.locator('article h2');

async function openLongThread(page: Page): Promise<ChatPage> {
  const chat = await ChatPage.open(page);
  await page.getByText('Your chats will be listed here').waitFor();
  await page.evaluate(fillHistory, { chats: 1, messages: TURNS });
  await page.goto('/chat/chat-0');
  await expect(chat.lastAnswer).toContainText('The last answer of chat 0.');
  return chat;
}

test('a thread of a thousand messages opens at its end, and what is far above is drawn when the reader comes near', async ({
  page,
}) => {
  const chat = await openLongThread(page);
  await expect(chat.lastAnswer).toBeInViewport();
  await expect(drawn(page).last()).toHaveText('Answer 997');
  expect(await drawn(page).count()).toBeLessThan(10);
  await expect(page.getByRole('article')).toHaveCount(TURNS);

  await page.getByRole('region', { name: 'Messages' }).press('Home');
  await expect(drawn(page).filter({ hasText: /^Answer 1$/ })).toBeInViewport();
  expect(await drawn(page).count()).toBeLessThan(30);
});

test('what a reader is looking at stays where it is while its surroundings are drawn', async ({ page }) => {
  await openLongThread(page);
  const view = page.getByRole('region', { name: 'Messages' });
  await view.hover();
  for (let round = 0; round < 5; round += 1) {
    await page.mouse.wheel(0, -3000);
    const moved = await view.evaluate(async (element) => {
      const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      // When it has come to rest.
      for (let last = Number.NaN; element.scrollTop !== last; await nextFrame()) {
        last = element.scrollTop;
        await nextFrame();
        await nextFrame();
      }
      const { top, height, left, width } = element.getBoundingClientRect();
      const seen = document.elementFromPoint(left + width / 2, top + height / 2)?.closest('article');
      const placed = seen?.getBoundingClientRect().top ?? Number.NaN;
      for (let frame = 0; frame < 20; frame += 1) await nextFrame();
      return Math.abs((seen?.getBoundingClientRect().top ?? Number.NaN) - placed);
    });
    expect(moved).toBeLessThan(2);
  }
});

test('a thread that is printed is drawn as a whole', async ({ page }) => {
  await openLongThread(page);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(drawn(page)).toHaveCount(TURNS / 2 - 1);
});
