import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';

test.use({ baseURL: ({ demo }, use) => use(demo.url) });

test('a demo says that Claude is simulated and answers a suggestion', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await expect(page.getByText('Simulated Claude')).toBeVisible();
  await page.getByRole('button', { name: 'What makes Rivulet different?' }).click();
  await expect(chat.lastQuestion).toHaveText('What is Rivulet, and what makes it different?');
  await expect(chat.composer).toBeFocused();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete', { timeout: 20_000 });
  await expect(chat.lastAnswer.getByRole('listitem').first()).toBeVisible();
});

test('a failure can be chosen from the empty screen, and Retry gets over it', async ({ page }) => {
  const chat = await ChatPage.open(page);
  await page.getByRole('button', { name: 'Lose the connection' }).click();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete', { timeout: 20_000 });
});
