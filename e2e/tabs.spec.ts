import type { BrowserContext } from '@playwright/test';
import { Cable } from './cable';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { tell } from './story';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** From the click to the closed socket of the call: the best of a few rounds, for the machine may be busy. */
const LIMIT_MS = 100;

/** Two tabs of one chat, in the middle of an answer that the first one asked for. */
async function openTwice(context: BrowserContext, upstream: Upstream, about: string) {
  const first = await ChatPage.open(await context.newPage());
  const prompt = promptByHand(about);
  await first.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(first.lastAnswer).toContainText('Half');
  const second = await ChatPage.reopen(await context.newPage(), first.page.url());
  await expect(second.lastAnswer).toContainText('Half');
  return { first, second, prompt, call };
}

test('B-2tabs · another tab of a chat shows the same words as they come', async ({ context, upstream }) => {
  const { first, second, call } = await openTwice(context, upstream, 'side by side');
  for (const word of [' and', ' half', '.']) {
    call.send(textDelta(word));
    await expect(second.lastAnswer).toContainText(word.trim());
  }
  call.send(blockStop(), messageEnd());
  call.end();
  for (const chat of [first, second]) {
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    await expect(chat.lastAnswer).toContainText('Half and half.');
    await expect(chat.answers).toHaveCount(1);
  }
  expect(upstream.calls).toHaveLength(1);
});

test('B-abort-res · another tab stops the answer, for both, and after a reload too', async ({
  context,
  upstream,
  live,
}) => {
  const times: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { first, second, call } = await openTwice(context, upstream, `stop from the other ${round}`);
    const clickedAt = await second.stopButton.evaluate((button: HTMLButtonElement) => {
      button.click();
      return performance.timeOrigin + performance.now();
    });
    times.push(performance.timeOrigin + (await call.closed) - clickedAt);
    for (const chat of [first, second]) {
      await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
      await chat.page.reload();
      await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
      await expect(chat.lastAnswer).toContainText('Half');
      await chat.page.close();
    }
  }
  expect(Math.min(...times)).toBeLessThan(LIMIT_MS);
  expect(live.replyLogs().filter(({ outcome }) => outcome === 'stopped').length).toBeGreaterThanOrEqual(3);
});

for (const { when, frames } of [
  { when: 'before its first word', frames: [] },
  { when: 'in the middle', frames: [messageStart(), textStart(), textDelta('Half')] },
]) {
  test(`B-abort-res · an answer that was resumed can be stopped ${when}, and stays stopped`, async ({
    page,
    upstream,
    live,
  }) => {
    const chat = await ChatPage.open(page);
    const prompt = promptByHand(when);
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(...frames);
    for (let reload = 0; reload < 2; reload += 1) {
      await page.reload();
      await expect(chat.lastAnswer).toContainText(frames.length > 0 ? 'Half' : '');
    }
    await chat.stopButton.click();
    await call.closed;
    for (const _ of ['now', 'after a reload']) {
      await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
      await expect(chat.lastAnswer).toContainText('You stopped this answer.');
      await page.reload();
    }
    expect(live.replyLogs().at(-1)).toMatchObject({ outcome: 'stopped' });
    expect(upstream.calls).toHaveLength(1);
  });
}

test('B-abort-res · a stop that is asked for in the moment of a reload is a stop', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  for (let round = 0; round < 5; round += 1) {
    const prompt = promptByHand(`stop and reload ${round}`);
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta('Half'));
    await expect(chat.lastAnswer).toContainText('Half');
    await Promise.all([
      chat.stopButton.evaluate((button: HTMLButtonElement) => {
        button.click();
        location.reload();
      }),
      page.waitForEvent('load'),
    ]);
    await call.closed;
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
    await expect(chat.answers).toHaveCount(round + 1);
  }
});

test('B-abort-res · a stop that nobody confirms is none, and one that comes through in the end is', async ({
  page,
  live,
  upstream,
  pageErrors,
}) => {
  pageErrors.allow(/ERR_/);
  const cable = await Cable.lay(live.url);
  const chat = await ChatPage.open(page, cable.url);
  const prompt = promptByHand('stop without a network');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(chat.lastAnswer).toContainText('Half');
  cable.pull();
  await chat.stopButton.click();
  await expect(chat.lastAnswer).toContainText('Stopping…');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'streaming');
  expect(call.isOpen).toBe(true);
  cable.plugIn();
  await call.closed;
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
  await expect(chat.lastAnswer).toContainText('Half');
  await cable.close();
});

test('B-2tabs · what is asked over an answer that runs in another tab waits for its end', async ({
  context,
  upstream,
}) => {
  const { first, second, call } = await openTwice(context, upstream, 'one at a time');
  await second.composer.fill('Over it?');
  await second.composer.press('Enter');
  for (const chat of [first, second]) await expect(chat.queue).toHaveText('Over it?');
  await expect(second.composer).toHaveValue('');
  expect(upstream.calls).toHaveLength(1);
  call.send(blockStop(), messageEnd());
  call.end();
  await expect(second.answers).toHaveCount(2);
  await expect(second.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(first.answers).toHaveCount(2);
  await expect(first.lastAnswer).toHaveAttribute('data-status', 'complete');
  // And back: whoever says something writes.
  await first.send('And again');
  for (const chat of [first, second]) {
    await expect(chat.answers).toHaveCount(3);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  }
  expect(upstream.calls.at(-1)?.texts).toHaveLength(5);
});

test('B-2tabs · of two questions in the same moment one is asked, and the other one after it', async ({
  context,
  upstream,
}) => {
  const first = await ChatPage.open(await context.newPage());
  await first.send('Hello');
  await expect(first.lastAnswer).toHaveAttribute('data-status', 'complete');
  const second = await ChatPage.reopen(await context.newPage(), first.page.url());
  const prompts = [promptByHand('first'), promptByHand('second')];
  const chats = [first, second];
  await Promise.all(chats.map((chat, index) => chat.composer.fill(prompts[index] ?? '')));
  await Promise.all(chats.map((chat) => chat.composer.press('Enter')));
  await expect.poll(() => upstream.calls.length).toBe(2);
  const asked = upstream.calls[1] as UpstreamCall;
  const other = prompts.find((prompt) => prompt !== asked.prompt) ?? '';
  for (const chat of chats) await expect(chat.queue).toHaveText([other]);
  expect(upstream.calls).toHaveLength(2);
  asked.send(wholeAnswer('One of them.'));
  asked.end();
  const next = await upstream.nextCall(other);
  next.send(wholeAnswer('The other one.'));
  next.end();
  for (const chat of chats) {
    await expect(chat.answers).toHaveCount(3);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    await expect(chat.composer).toHaveValue('');
  }
  expect(upstream.calls).toHaveLength(3);
});

test('B-2tabs · the tab that is left goes on when the one that asked is closed', async ({ context, upstream }) => {
  const first = await ChatPage.open(await context.newPage());
  const prompt = promptByHand('left alone');
  await first.send(prompt);
  const telling = tell(await upstream.nextCall(prompt), 60);
  await expect(first.lastAnswer).toContainText('w3');
  const second = await ChatPage.reopen(await context.newPage(), first.page.url());
  await expect(second.lastAnswer).toContainText('w10');
  await first.page.close();
  await expect(second.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(await second.lastAnswer.locator('.answer').innerText()).toBe(await telling);
  expect(upstream.calls).toHaveLength(1);
});

test('B-2tabs · a chat that is deleted in one tab closes in the other, and stops', async ({ context, upstream }) => {
  const { first, second, call } = await openTwice(context, upstream, 'deleted');
  const row = first.page.getByRole('navigation', { name: 'Chats' }).getByRole('listitem');
  await row.hover();
  await row.getByRole('button', { name: 'Delete' }).click();
  await call.closed;
  await expect(second.page.getByText('This chat was deleted in another tab.')).toBeVisible();
  for (const chat of [first, second]) {
    await expect(chat.answers).toHaveCount(0);
    expect(new URL(chat.page.url()).pathname).toBe('/');
  }
});

test('B-2tabs · a chat that is deleted where it is not open stops where it is', async ({ context, upstream }) => {
  const first = await ChatPage.open(await context.newPage());
  const prompt = promptByHand('deleted from elsewhere');
  await first.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(first.lastAnswer).toContainText('Half');
  // The tab that reads it does not show it either.
  await first.page.getByRole('button', { name: 'New chat' }).click();
  const second = await ChatPage.open(await context.newPage());
  const row = second.page.getByRole('navigation', { name: 'Chats' }).getByRole('listitem');
  await row.hover();
  await row.getByRole('button', { name: 'Delete' }).click();
  await call.closed;
  await expect(first.page.getByRole('navigation', { name: 'Chats' }).getByRole('listitem')).toHaveCount(0);
});
