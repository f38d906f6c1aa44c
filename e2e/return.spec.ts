import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { Cable } from './cable';
import { ChatPage } from './chat-page';
import { expect, test } from './own-server';
import { FAILED_REQUEST } from './page-errors';
import type { RivuletServer } from './rivulet-server';
import { tell } from './story';
import { promptByHand, type Upstream } from './upstream';

/** The words of the last answer, as far as they are on the screen. */
const shownIn = (chat: ChatPage) => chat.lastAnswer.locator('.answer').last().innerText();

async function isShown(chat: ChatPage, words: string): Promise<void> {
  await expect.poll(() => shownIn(chat), { timeout: 2000 }).toContain(words);
}

/** Sends a question, and lets Claude write so many words in answer to it. */
async function begin(chat: ChatPage, upstream: Upstream, about: string, words: number) {
  const prompt = promptByHand(about);
  await chat.send(prompt);
  const telling = tell(await upstream.nextCall(prompt), words);
  await expect(chat.lastAnswer).toContainText('w3');
  return { prompt, telling };
}

/** The answer is whole, in the page and after a reload, and was paid for once. */
async function expectWhole(chat: ChatPage, upstream: Upstream, telling: Promise<string>): Promise<void> {
  const whole = await telling;
  for (const _ of ['now', 'after a reload']) {
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    expect(await shownIn(chat)).toBe(whole);
    await expect(chat.answers).toHaveCount(1);
    await chat.page.reload();
  }
  expect(upstream.calls).toHaveLength(1);
  expect(upstream.openCalls).toBe(0);
}

test('B-reload · an answer survives twenty reloads at any moment', async ({ page, upstream }) => {
  test.setTimeout(90_000);
  const chat = await ChatPage.open(page);
  const { telling } = await begin(chat, upstream, 'reload', 500);
  for (let round = 0; round < 20; round += 1) {
    await delay(Math.random() * 400);
    const before = await shownIn(chat);
    await page.reload();
    await isShown(chat, before);
  }
  await expectWhole(chat, upstream, telling);
});

test('B-reload · a reload before the first word asks nothing twice', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('early reload');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  await page.reload();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'streaming');
  await page.reload();
  await expectWhole(chat, upstream, tell(call, 20));
});

test('B-tab · a closed tab is opened again, and the answer has gone on', async ({ page, context, upstream }) => {
  const chat = await ChatPage.open(page);
  const { telling } = await begin(chat, upstream, 'closed tab', 60);
  const before = await shownIn(chat);
  const url = page.url();
  await page.close();
  await delay(500);
  const again = await ChatPage.reopen(await context.newPage(), url);
  await isShown(again, before);
  await expectWhole(again, upstream, telling);
});

test('B-tab · an answer that ended while nobody looked is complete', async ({ page, context, upstream }) => {
  const chat = await ChatPage.open(page);
  const { telling } = await begin(chat, upstream, 'closed early', 10);
  const url = page.url();
  await page.close();
  await telling;
  await expectWhole(await ChatPage.reopen(await context.newPage(), url), upstream, telling);
});

test('B-tab · what was on the screen of a tab that crashed is there again', async ({ page, context, upstream }) => {
  const chat = await ChatPage.open(page);
  const { telling } = await begin(chat, upstream, 'crash', 80);
  await delay(1500);
  const before = await shownIn(chat);
  const url = page.url();
  await crash(page, context);
  const again = await ChatPage.reopen(await context.newPage(), url);
  await isShown(again, before);
  await expectWhole(again, upstream, telling);
});

test('B-off · a network that is gone for five seconds costs no word', async ({ page, live, upstream, pageErrors }) => {
  pageErrors.allow(/ERR_/);
  const cable = await Cable.lay(live.url);
  const chat = await ChatPage.open(page, cable.url);
  const { telling } = await begin(chat, upstream, 'cable', 180);
  const before = await shownIn(chat);
  cable.pull();
  await expect(chat.lastAnswer).toContainText('Reconnecting…');
  await isShown(chat, before);
  await chat.composer.fill('Typed meanwhile');
  await delay(5000);
  cable.plugIn();
  await isShown(chat, before);
  await expect(chat.lastAnswer).not.toContainText('Reconnecting…', { timeout: 10_000 });
  await expect(chat.composer).toHaveValue('Typed meanwhile');
  await expectWhole(chat, upstream, telling);
  await cable.close();
});

test('B-off · a browser that says it is offline goes on when it says it is back', async ({
  page,
  context,
  upstream,
  pageErrors,
}) => {
  pageErrors.allow(/ERR_/);
  const chat = await ChatPage.open(page);
  const { telling } = await begin(chat, upstream, 'offline', 160);
  await context.setOffline(true);
  await delay(5000);
  await context.setOffline(false);
  await expectWhole(chat, upstream, telling);
});

test('B-sleep · a tab that was asleep for ten seconds goes on where it was', async ({ page, browser, upstream }) => {
  const chat = await ChatPage.open(page);
  const { telling } = await begin(chat, upstream, 'sleep', 240);
  const before = await shownIn(chat);
  await sleep(browser, 10_000);
  await isShown(chat, before);
  await expectWhole(chat, upstream, telling);
});

test('B-sleep · a connection that died in the sleep is noticed soon after', async ({
  page,
  browser,
  live,
  upstream,
}) => {
  const cable = await Cable.lay(live.url);
  const chat = await ChatPage.open(page, cable.url);
  const { telling } = await begin(chat, upstream, 'half open', 300);
  cable.goDead();
  await sleep(browser, 11_000);
  // Within three seconds of waking up it reads on.
  await expect(chat.lastAnswer).toContainText('w210', { timeout: 3000 });
  await expectWhole(chat, upstream, telling);
  await page.close();
  await cable.close();
});

test('S-kill · what was shown outlives a server that is killed, and is called interrupted', async ({
  page,
  startServer,
  upstream,
  pageErrors,
}) => {
  pageErrors.allow(/ERR_/);
  pageErrors.allow(FAILED_REQUEST);
  const server = await startServer();
  const chat = await ChatPage.open(page, server.url);
  const { prompt, telling } = await begin(chat, upstream, 'kill', 100);
  const hungUp = expect(telling).rejects.toThrow('hung up');
  const before = await shownIn(chat);
  server.signal('SIGKILL');
  await hungUp;
  await expect(chat.lastAnswer).toContainText('Reconnecting…');
  await startServer({}, { port: portOf(server) });
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted', { timeout: 15_000 });
  for (const _ of ['now', 'after a reload']) {
    await expect(chat.lastAnswer).toContainText('This answer is no longer on the server.');
    await expect(chat.lastButtons.filter({ hasText: /Retry|Continue/ })).toHaveText(['Retry', 'Continue']);
    expect(await shownIn(chat)).toContain(before);
    await page.reload();
  }
  await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  const again = await upstream.nextCall(prompt);
  const whole = await tell(again, 5);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(await shownIn(chat)).toBe(whole);
});

/** Stops every page of this browser, as a laptop does that is closed. */
async function sleep(browser: Browser, ms: number): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  for (const pid of renderers) process.kill(pid, 'SIGSTOP');
  await delay(ms);
  for (const pid of renderers) process.kill(pid, 'SIGCONT');
}

async function crash(page: Page, context: BrowserContext): Promise<void> {
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

function portOf({ url }: RivuletServer): string {
  return new URL(url).port;
}
