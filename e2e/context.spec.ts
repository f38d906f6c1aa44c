import type { Locator, Page } from '@playwright/test';
import { ChatPage } from './chat-page';
import { findViolations } from './find-violations';
import { expect, test } from './fixtures';
import { errorBody, messageEnd, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { holdStore } from './held-store';
import { FAILED_REQUEST } from './page-errors';
import { promptByHand, type Upstream } from './upstream';

const SCREENS = [
  { screen: 'a desktop', use: {} },
  { screen: 'a phone', use: { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } },
];

/** The notice above the composer, as a person finds it. */
const noticeOf = (page: Page): Locator => page.getByRole('region', { name: 'Context' });
const wayOn = (page: Page): Locator => noticeOf(page).getByRole('button', { name: 'Continue in a new chat' });

/** Asks something; the answer says that it took so many tokens to read. */
async function ask(chat: ChatPage, upstream: Upstream, about: string, tokens: number): Promise<string> {
  const prompt = promptByHand(about);
  await chat.composer.fill(prompt);
  await chat.sendButton.click();
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer(`About ${about}.`, tokens));
  call.end();
  await expect(chat.lastAnswer).toContainText(`About ${about}.`);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  return prompt;
}

for (const { screen, use } of SCREENS) {
  test.describe(`on ${screen}`, () => {
    test.use(use);

    test('a chat that fills up says so in time, goes on in a new one with a summary, and nothing is sent unread', async ({
      page,
      upstream,
    }) => {
      const chat = await ChatPage.open(page);
      await ask(chat, upstream, 'early', 790_000);
      await expect(noticeOf(page)).toHaveText('');
      const prompt = await ask(chat, upstream, 'later', 820_000);
      await expect(noticeOf(page)).toContainText('over 80% of what Claude can read');
      await expect(noticeOf(page).getByRole('meter')).toHaveAttribute('value', '82');
      const address = page.url();

      upstream.holdsSummaries = true;
      await wayOn(page).click();
      await expect(noticeOf(page)).toContainText('Writing a summary…');
      const call = await upstream.summaryCall();
      expect(call.texts).toHaveLength(5);
      expect(call.texts[2]).toBe(prompt);
      expect(call.body.thinking).not.toMatchObject({ type: 'adaptive', display: 'summarized' });
      call.send(wholeAnswer('**Goal:** a bridge.'));
      call.end();
      await expect(chat.composer).toHaveValue(/^This is a summary of the chat “.*\n\n\*\*Goal:\*\* a bridge\.\n\n$/);
      await expect(chat.sendButton).toBeEnabled();
      await expect(chat.answers).toHaveCount(0);
      expect(upstream.calls).toHaveLength(2);

      await page.reload();
      await expect(chat.composer).toHaveValue(/a bridge\.\n\n$/);
      await page.goto(address);
      await expect(chat.answers).toHaveCount(2);
      await expect(chat.composer).toHaveValue('');
    });
  });
}

test('the notice stays away when it is dismissed, also after a reload and in another tab, until the next step', async ({
  page,
  context,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'first', 820_000);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(noticeOf(other)).toContainText('over 80%');
  await page.bringToFront();
  await noticeOf(page).getByRole('button', { name: 'Dismiss' }).click();
  for (const each of [page, other]) await expect(noticeOf(each)).toHaveText('');
  await page.reload();
  await expect(chat.lastAnswer).toContainText('About first.');
  await ask(chat, upstream, 'second', 849_000);
  await expect(noticeOf(page)).toHaveText('');
  await ask(chat, upstream, 'third', 850_000);
  await expect(noticeOf(page)).toContainText('over 85%');
});

test('a summary can be cancelled: then nothing is written any more', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'full', 820_000);
  upstream.holdsSummaries = true;
  await wayOn(page).click();
  const call = await upstream.summaryCall();
  call.send(messageStart(), textStart(), textDelta('Half a'));
  await noticeOf(page).getByRole('button', { name: 'Cancel' }).click();
  await call.closed;
  await expect(wayOn(page)).toBeVisible();
  await expect(chat.answers).toHaveCount(1);
});

test('a summary that fails says why, can be tried again, and a new chat opens without it', async ({
  page,
  pageErrors,
  upstream,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'full', 820_000);
  upstream.holdsSummaries = true;
  await wayOn(page).click();
  (await upstream.summaryCall()).refuse(400, errorBody('invalid_request_error', 'no'));
  await expect(noticeOf(page)).toContainText('The summary could not be written. Claude could not accept this request.');
  await noticeOf(page).getByRole('button', { name: 'Try again' }).click();
  const call = await upstream.summaryCall(1);
  call.send(messageStart(), textStart(), textDelta('Half a'), messageEnd('max_tokens'));
  call.end();
  await expect(noticeOf(page)).toContainText('Claude did not finish it.');
  await noticeOf(page).getByRole('button', { name: 'Open a new chat without it' }).click();
  await expect(chat.answers).toHaveCount(0);
  await expect(chat.composer).toHaveValue('');
  expect(new URL(page.url()).pathname).toBe('/');
});

test('an answer that failed because the chat is too long offers the same way on, with the settings of the chat', async ({
  page,
  pageErrors,
  upstream,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  const chat = await ChatPage.open(page);
  await page.getByRole('combobox', { name: 'Model' }).selectOption('claude-opus-5-5');
  const prompt = promptByHand('too long');
  await chat.send(prompt);
  (await upstream.nextCall(prompt)).refuse(400, errorBody('invalid_request_error', 'prompt is too long'));
  await chat.lastAnswer.getByRole('button', { name: 'Continue in a new chat' }).click();
  await expect(chat.composer).toHaveValue(/This is a summary of the chat “Answered by hand.*What was asked/s);
  await expect(chat.composer).toBeFocused();
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveValue('claude-opus-5-5');
  expect((await upstream.summaryCall()).body.model).toBe('claude-opus-5-5');
});

test('a summary names its chat before that is stored', async ({ page, pageErrors, upstream }) => {
  pageErrors.allow(FAILED_REQUEST);
  const letOpen = await holdStore(page);
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('not stored');
  await chat.send(prompt);
  (await upstream.nextCall(prompt)).refuse(400, errorBody('invalid_request_error', 'prompt is too long'));
  await chat.lastAnswer.getByRole('button', { name: 'Continue in a new chat' }).click();
  await upstream.summaryCall();
  await letOpen();
  await expect(chat.composer).toHaveValue(/This is a summary of the chat “Answered by hand/);
});

test('a summary that is written while another chat is shown waits in its own', async ({ page, upstream }) => {
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'full', 820_000);
  upstream.holdsSummaries = true;
  await wayOn(page).click();
  const call = await upstream.summaryCall();
  await page.getByRole('button', { name: 'New chat' }).click();
  await chat.composer.fill('Something else');
  const answered = page.waitForResponse((response) => response.request().headers().accept === 'application/json');
  call.send(wholeAnswer('**Goal:** a bridge.'));
  call.end();
  await (await answered).finished();
  await expect(chat.composer).toHaveValue('Something else');
  await page.goBack();
  await expect(noticeOf(page)).toContainText('The summary of this chat is written.');
  await noticeOf(page).getByRole('button', { name: 'Open a new chat with it' }).click();
  await expect(chat.composer).toHaveValue(/^Something else\n\nThis is a summary of.*a bridge\.\n\n$/s);
});

test('axe finds nothing in the notice, while a summary is written and when it fails', async ({
  page,
  pageErrors,
  upstream,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  const chat = await ChatPage.open(page);
  await ask(chat, upstream, 'full', 820_000);
  await expect(wayOn(page)).toBeVisible();
  await expect(noticeOf(page).getByRole('alert')).toHaveCount(0);
  expect(await findViolations(page)).toEqual([]);
  upstream.holdsSummaries = true;
  await wayOn(page).click();
  await expect(noticeOf(page)).toContainText('Writing a summary…');
  expect(await findViolations(page)).toEqual([]);
  (await upstream.summaryCall()).refuse(400, errorBody('invalid_request_error', 'no'));
  await expect(noticeOf(page)).toContainText('could not be written');
  expect(await findViolations(page)).toEqual([]);
});
