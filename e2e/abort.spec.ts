import { setTimeout as delay } from 'node:timers/promises';
import type { Page, Request } from '@playwright/test';
import { ChatPage } from './chat-page';
import { nextChatRequest } from './chat-request';
import { expect, test } from './fixtures';
import {
  blockStop,
  errorBody,
  messageEnd,
  messageStart,
  textDelta,
  textStart,
  thinkingDelta,
  thinkingStart,
  wholeAnswer,
} from './frames';
import { postPromptForJson } from './reply-client';
import { promptByHand } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** In the same breath as Send, before anything has come, and after the response has been opened. */
const EARLY_MS = [0, 50, 400];

for (const afterMs of EARLY_MS) {
  test(`B-abort0 · Stop ${afterMs} ms after Send leaves the question, to be changed or asked again`, async ({
    page,
    live,
    upstream,
  }) => {
    const chat = await ChatPage.open(page);
    const prompt = promptByHand('hasty');
    await chat.composer.fill(prompt);
    await sendAndStop(chat, afterMs);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
    await expect(chat.lastAnswer).toContainText('You stopped this answer.');
    await expect(chat.lastQuestion).toHaveText(prompt);
    await expect.poll(() => upstream.openCalls).toBe(0);
    // Asked behind it over the same thread of the server: what was on its way has arrived by now.
    expect(await (await postPromptForJson(live.url, 'Hello')).json()).toMatchObject({ stopReason: 'end_turn' });
    await expect.poll(() => upstream.openCalls).toBe(0);
    expect(upstream.calls.filter((call) => call.prompt === prompt).length).toBeLessThanOrEqual(1);

    await chat.lastAnswer.getByRole('button', { name: 'Edit' }).click();
    await expect(chat.editor).toHaveValue(prompt);
    await expect(chat.editor).toBeFocused();
    const changed = promptByHand('on second thought');
    await chat.editor.fill(changed);
    await chat.editor.press('Enter');
    await chat.stopButton.click();
    await expect(chat.lastQuestion).toContainText(changed);
    await expect(chat.pagerOf(chat.lastQuestion)).toHaveText('2 / 2');
    await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
    const isAsked = (call: UpstreamCall) => call.prompt === changed && call.isOpen;
    await expect.poll(() => upstream.calls.filter(isAsked).length).toBe(1);
    for (const call of upstream.calls.filter(isAsked)) answer(call);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    await expect(chat.answers).toHaveCount(1);
  });
}

test('B-abort0 · Stop while Claude is waited for asks it no more, until Retry does', async ({
  page,
  live,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const prompt = promptByHand('stop the wait');
  const replyId = nextReplyId(page);
  await chat.send(prompt);
  (await upstream.nextCall(prompt)).refuse(529, errorBody('overloaded_error', ''), { 'retry-after': '1' });
  await expect(chat.lastAnswer).toContainText('Claude is overloaded. Trying again');
  await chat.stopButton.click();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
  await expect(chat.lastQuestion).toHaveText(prompt);
  await expect(chat.lastAnswer.getByRole('button', { name: 'Edit' })).toBeVisible();
  // Written when the reply is over: what it was to ask, it has asked by then.
  expect(await live.findLog(await replyId)).toMatchObject({ outcome: 'stopped' });
  expect(upstream.calls).toHaveLength(1);

  await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  const again = await upstream.nextCall(prompt);
  answer(again);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

/** How much there is when it is stopped, and what can be done with it then. */
const HALVES = [
  { where: 'in the middle of the text', frames: [messageStart(), textStart(), textDelta('Half')], canContinue: 1 },
  {
    where: 'in the middle of thinking',
    frames: [messageStart(), thinkingStart(), thinkingDelta('Half')],
    canContinue: 0,
  },
];

for (const { where, frames, canContinue } of HALVES) {
  test(`B-abort · Stop ${where} keeps what there is and says so calmly`, async ({ page, live, upstream }) => {
    const chat = await ChatPage.open(page);
    const prompt = promptByHand(where);
    const replyId = nextReplyId(page);
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(...frames);
    await expect(chat.lastAnswer).toContainText('Half');
    await chat.stopButton.click();
    await call.closed;
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
    await expect(chat.lastAnswer).toContainText('Half');
    await expect(chat.lastAnswer).toContainText('You stopped this answer.');
    await expect(chat.lastAnswer.getByRole('button', { name: 'Retry' })).toBeVisible();
    await expect(chat.lastAnswer.getByRole('button', { name: 'Edit' })).toHaveCount(0);
    await expect(chat.lastAnswer.getByRole('button', { name: 'Continue' })).toHaveCount(canContinue);
    expect(await live.findLog(await replyId)).toMatchObject({ outcome: 'stopped', attempts: 1 });
  });
}

const TWICE: readonly { how: string; stop: (chat: ChatPage) => Promise<void> }[] = [
  { how: 'a double click on Stop', stop: (chat) => chat.stopButton.dblclick() },
  { how: 'three clicks on Stop', stop: (chat) => chat.stopButton.click({ clickCount: 3 }) },
  { how: 'Escape twice', stop: ({ page }) => page.keyboard.press('Escape').then(() => page.keyboard.press('Escape')) },
  {
    how: 'a click and Escape',
    stop: ({ page, stopButton }) => stopButton.click().then(() => page.keyboard.press('Escape')),
  },
];

for (const { how, stop } of TWICE) {
  test(`B-abort · ${how} is one stop, and sends no draft`, async ({ page, live, upstream }) => {
    const chat = await ChatPage.open(page);
    const prompt = promptByHand(how);
    const replyId = await sendAndTell(chat, prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta('Half'));
    await expect(chat.lastAnswer).toContainText('Half');
    await chat.composer.fill('Hello, not finished');
    await stop(chat);
    await call.closed;
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
    await expect(chat.composer).toHaveValue('Hello, not finished');
    await expect(chat.answers).toHaveCount(1);

    await chat.composer.press('Enter');
    await expect(chat.answers).toHaveCount(2);
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
    expect(upstream.calls).toHaveLength(2);
    expect(live.replyLogs().filter((line) => line.replyId === replyId)).toMatchObject([{ outcome: 'stopped' }]);
  });
}

const RACES = 20;

test('B-abort · Stop in the moment of the end is a stop or comes too late, and leaves the next reply alone', async ({
  page,
  live,
  upstream,
}) => {
  const chat = await ChatPage.open(page);
  const ends: string[] = [];
  for (let race = 0; race < RACES; race += 1) {
    const prompt = promptByHand(`race ${race}`);
    const replyId = await sendAndTell(chat, prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta('All of it.'));
    await chat.lastAnswer.getByText('All of it.').waitFor();
    const button = await chat.stopButton.elementHandle();
    const clicking = button?.evaluate((element: HTMLButtonElement) => element.click());
    // From one race to the next the end comes a little later.
    await delay(race / 2);
    call.send(blockStop(), messageEnd());
    call.end();
    await clicking;
    await chat.sendButton.waitFor();
    expect(await chat.lastAnswer.innerText()).toContain('All of it.');
    const shown = await chat.lastAnswer.getAttribute('data-status');
    const { outcome } = await live.findLog(replyId);
    ends.push(`shown ${shown}, logged ${outcome}`);

    expect(live.replyLogs().filter((line) => line.replyId === replyId)).toHaveLength(1);
    // Another stop, for what is over: the next reply must not be hit by it.
    await page.keyboard.press('Escape');
  }
  await chat.send('Hello');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.answers).toHaveCount(RACES + 1);
  for (const end of new Set(ends)) note(end, ends.filter((each) => each === end).length);
  const possible = [
    'shown complete, logged complete',
    'shown stopped, logged complete',
    'shown stopped, logged stopped',
  ];
  expect(ends.filter((end) => !possible.includes(end))).toEqual([]);
  expect(upstream.calls).toHaveLength(RACES + 1);
  await expect.poll(() => upstream.openCalls).toBe(0);
});

function answer(call: UpstreamCall): void {
  call.send(wholeAnswer('Here you are.'));
  call.end();
}

/** Presses Send, and so many milliseconds later Stop, which is the same button. */
async function sendAndStop(chat: ChatPage, afterMs: number): Promise<void> {
  await chat.sendButton.evaluate(async (button: HTMLButtonElement, ms) => {
    button.click();
    await new Promise((resolve) => setTimeout(resolve, ms));
    button.click();
  }, afterMs);
}

/** Sends, and gives the name that the page has made for the reply. */
async function sendAndTell(chat: ChatPage, prompt: string): Promise<string> {
  const replyId = nextReplyId(chat.page);
  await chat.send(prompt);
  return replyId;
}

async function nextReplyId(page: Page): Promise<string> {
  const request: Request = await nextChatRequest(page);
  return request.postDataJSON().replyId;
}

function note(type: string, count: number): void {
  test.info().annotations.push({ type, description: `${count}` });
}
