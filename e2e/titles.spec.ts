import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { holdStore } from './held-store';
import { promptByHand, type Upstream } from './upstream';

const SCREENS = [
  { screen: 'a desktop', use: {}, openList: async () => {} },
  {
    screen: 'a phone',
    use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    openList: (page: Page) => page.getByRole('button', { name: 'Chats' }).click(),
  },
];

const listOf = (page: Page) => page.getByRole('navigation', { name: 'Chats' });

/** A question whose first words are more than a title has. */
const longPrompt = (about: string) => `${promptByHand(about)} and what else there is to say about it in so many words`;

async function ask(chat: ChatPage, upstream: Upstream, prompt: string): Promise<void> {
  await chat.composer.fill(prompt);
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Yes.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
}

for (const { screen, use, openList } of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.use(use);

    test('a small model finds a title after the first answer, and only then', async ({ page, upstream }) => {
      const chat = await ChatPage.open(page);
      const prompt = longPrompt('title');
      await ask(chat, upstream, prompt);
      const title = prompt.split(/\s+/).slice(0, 6).join(' ');
      await openList(page);
      await expect(listOf(page).getByRole('link')).toHaveText(`${title}…`);
      await page.keyboard.press('Escape');
      await expect(page).toHaveTitle(`${title}… · Rivulet`);
      const calls = upstream.titleCallsFor(prompt);
      expect(calls.map(({ body }) => [body.model, body.stream])).toEqual([['claude-haiku-5-5', true]]);
      await ask(chat, upstream, longPrompt('second'));
      await page.reload();
      await openList(page);
      await expect(listOf(page).getByRole('link')).toHaveText(`${title}…`);
      expect(upstream.titleCallsFor(prompt)).toHaveLength(1);
    });
  });
}

test('a title waits for a chat that is not stored yet', async ({ page, upstream }) => {
  const letOpen = await holdStore(page);
  const chat = await ChatPage.open(page);
  const prompt = longPrompt('late');
  await ask(chat, upstream, prompt);
  await letOpen();
  await expect(listOf(page).getByRole('link')).toHaveText(`${prompt.split(/\s+/).slice(0, 6).join(' ')}…`);
});

test('a title that a person gave stays', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = longPrompt('mine');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  await listOf(page).getByRole('link').focus();
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Title' }).fill('Mine');
  await page.keyboard.press('Enter');
  await expect(listOf(page).getByRole('link')).toHaveText(/^Mine/);
  call.send(wholeAnswer('Yes.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await ask(chat, upstream, longPrompt('second'));
  await expect(listOf(page).getByRole('link')).toHaveText('Mine');
  expect(upstream.titleCallsFor(prompt)).toHaveLength(0);
});

test('the next question need not wait for a title', async ({ page, upstream }) => {
  await page.route('**/api/chat', async (route) => {
    const isTitle = route.request().headers().accept === 'application/json';
    // Never answered: a title is a pleasure, and its absence no error.
    if (!isTitle) await route.continue();
  });
  const chat = await ChatPage.open(page);
  const prompt = longPrompt('no title');
  await ask(chat, upstream, prompt);
  await ask(chat, upstream, longPrompt('at once'));
  await expect(listOf(page).getByRole('link')).toHaveText(/^Answered by hand/);
});
