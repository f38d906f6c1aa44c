import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { promptByHand, type Upstream } from './upstream';

const SCREENS = [
  { screen: 'a desktop', use: {} },
  { screen: 'a phone', use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } },
];

/** A chat whose first answer is half written. */
async function openHalf(chat: ChatPage, upstream: Upstream, about: string) {
  const prompt = promptByHand(about);
  await chat.composer.fill(prompt);
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(chat.lastAnswer).toContainText('Half');
  return call;
}

async function queue(chat: ChatPage, text: string): Promise<void> {
  await chat.composer.fill(text);
  await chat.page.getByRole('button', { name: 'Queue', exact: true }).click();
}

for (const { screen, use } of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.use(use);

    test('what is written while Claude answers waits, can be edited and dropped, and is sent in its order', async ({
      page,
      upstream,
    }) => {
      const chat = await ChatPage.open(page);
      const call = await openHalf(chat, upstream, 'first');
      const [second, third] = [promptByHand('second'), promptByHand('third')];
      for (const text of [second, 'to be dropped', 'to be edited']) await queue(chat, text);
      await expect(chat.queue).toHaveText([second, 'to be dropped', 'to be edited']);
      await chat.queue.nth(1).getByRole('button', { name: 'Remove from queue' }).click();
      await chat.queue.nth(1).getByRole('button', { name: 'Edit queued message' }).click();
      await expect(chat.composer).toHaveValue('to be edited');
      await expect(chat.composer).toBeFocused();
      await queue(chat, third);
      await expect(chat.queue).toHaveText([second, third]);
      expect(await findViolations(page)).toEqual([]);

      await page.reload();
      await expect(chat.queue).toHaveText([second, third]);
      call.send(blockStop(), messageEnd());
      call.end();
      const next = await upstream.nextCall(second);
      expect(next.texts.slice(1)).toEqual(['Half', second]);
      await expect(chat.queue).toHaveText([third]);
      next.send(wholeAnswer('Second.'));
      next.end();
      const last = await upstream.nextCall(third);
      last.send(wholeAnswer('Third.'));
      last.end();
      await expect(chat.lastAnswer).toContainText('Third.');
      await expect(chat.queue).toHaveCount(0);
      await expect(chat.answers).toHaveCount(3);
    });

    test('after Stop what waits goes on waiting, until it is asked', async ({ page, upstream }) => {
      const chat = await ChatPage.open(page);
      await openHalf(chat, upstream, 'stopped');
      const waiting = promptByHand('waiting');
      await queue(chat, waiting);
      await page.keyboard.press('Escape');
      await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
      await expect(page.getByText('Waiting to be sent')).toBeVisible();
      expect(upstream.calls).toHaveLength(1);
      await page.reload();
      await expect(chat.queue).toHaveText([waiting]);
      await page.getByRole('button', { name: 'Ask now' }).click();
      const call = await upstream.nextCall(waiting);
      call.send(wholeAnswer('There.'));
      call.end();
      await expect(chat.lastAnswer).toContainText('There.');
      await expect(chat.queue).toHaveCount(0);
    });
  });
}

test('Enter has a message wait while an answer runs, and a dropped one can be had back', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await openHalf(chat, upstream, 'enter');
  await chat.send('Next');
  await expect(chat.queue).toHaveText(['Next']);
  await expect(chat.composer).toHaveValue('');
  await page.getByRole('button', { name: 'Remove from queue' }).click();
  await expect(chat.queue).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(chat.queue).toHaveText(['Next']);
});
