import type { Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { promptByHand, type Upstream } from './upstream';

const SCREENS = [
  { screen: 'a desktop', use: {} },
  { screen: 'a phone', use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } },
];

const sheetOf = (page: Page) => page.getByRole('dialog', { name: 'This chat' });

async function openOptions(page: Page) {
  await page.getByRole('button', { name: 'Chat options' }).click();
  await expect(sheetOf(page)).toBeVisible();
  return sheetOf(page);
}

async function ask(chat: ChatPage, upstream: Upstream, about: string) {
  const prompt = promptByHand(about);
  await chat.composer.fill(prompt);
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Yes.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  return call;
}

for (const { screen, use } of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.use(use);

    test('a chat is asked as it was chosen for it, also after a reload, and another one as usual', async ({
      page,
      upstream,
    }) => {
      const chat = await ChatPage.open(page);
      const sheet = await openOptions(page);
      await sheet.getByRole('radio', { name: 'Claude Opus 5.5' }).check();
      await sheet.getByRole('group', { name: 'Think first' }).getByRole('radio', { name: 'Off' }).check();
      await sheet.getByRole('combobox', { name: 'Effort' }).selectOption('Low');
      await sheet.getByRole('textbox', { name: 'Instructions' }).fill('Be brief.');
      await sheet.getByRole('button', { name: 'Close' }).click();
      // Nothing is said yet, and it is kept all the same.
      await page.reload();
      await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('claude-opus-5-5');
      const asked = { model: 'claude-opus-5-5', output_config: { effort: 'low' }, thinking: { display: 'omitted' } };
      const first = await ask(chat, upstream, 'first');
      expect(first.body).toMatchObject(asked);
      expect(first.body.system?.at(-1)).toMatchObject({ text: 'Be brief.' });

      await page.reload();
      await expect(chat.answers).toHaveCount(1);
      expect((await ask(chat, upstream, 'second')).body).toMatchObject(asked);
      await page.getByRole('button', { name: 'New chat' }).click();
      const other = await ask(chat, upstream, 'other');
      expect(other.body).toMatchObject({ model: 'claude-sonnet-5-5' });
      expect(JSON.stringify(other.body.system)).not.toContain('Be brief.');
    });
  });
}

test('the use of a chat is told, with what it cost', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'cost');
  await expect(chat.lastAnswer.getByRole('list', { name: 'Measured' })).toContainText('$');
  const sheet = await openOptions(page);
  await expect(sheet.getByRole('term').filter({ hasText: 'Cost' })).toBeVisible();
  await expect(sheet.getByRole('definition').filter({ hasText: /^\$0\.\d+$|^< \$/ })).toBeVisible();
  await expect(sheet.getByText('of 1,000,000 tokens')).toBeVisible();
});

test('each model says what it is for, what it reads and what it costs', async ({ page }) => {
  await ChatPage.open(page);
  const sheet = await openOptions(page);
  for (const words of ['Quick and clever', '1M, $2 · $10']) await expect(sheet.getByText(words)).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await findViolations(page)).toEqual([]);
});

test('what is preferred for new chats is what they are asked with, and one that was begun keeps its own', async ({
  page,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'before');
  const before = page.url();
  await page.getByRole('button', { name: 'Settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('radio', { name: 'Claude Haiku 5.5' }).check();
  await settings.getByRole('textbox', { name: 'Instructions' }).fill('Rhyme.');
  await page.keyboard.press('Escape');
  expect((await ask(chat, upstream, 'again')).body.model).toBe('claude-sonnet-5-5');
  await page.getByRole('button', { name: 'New chat' }).click();
  const call = await ask(chat, upstream, 'new');
  expect(call.body.model).toBe('claude-haiku-5-5');
  expect(call.body.system?.at(-1)).toMatchObject({ text: 'Rhyme.' });
  await page.goto(before);
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('claude-sonnet-5-5');
});

test('two tabs of a chat agree on its model', async ({ page, context, upstream }) => {
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'tabs');
  const other = await ChatPage.reopen(await context.newPage(), page.url());
  await other.page.getByRole('combobox', { name: 'Model' }).selectOption({ label: 'Haiku 5.5' });
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('claude-haiku-5-5');
});
