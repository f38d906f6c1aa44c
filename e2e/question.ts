import { expect } from '@playwright/test';
import type { ChatPage } from './chat-page';
import { nextChatRequest } from './chat-request';
import { wholeAnswer } from './frames';
import { postPrompt, postPromptForJson } from './reply-client';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

/** A question that a person has asked, with the next one half typed before Claude said anything. */
export type Question = {
  readonly prompt: string;
  readonly draft: string;
  readonly replyId: string;
  readonly call: UpstreamCall;
};

export async function ask(chat: ChatPage, upstream: Upstream, about: string): Promise<Question> {
  const prompt = promptByHand(about);
  const draft = promptByHand(`after ${about}`);
  const [request] = await Promise.all([nextChatRequest(chat.page), chat.send(prompt)]);
  const call = await upstream.nextCall(prompt);
  await chat.composer.fill(draft);
  return { prompt, draft, replyId: request.postDataJSON().replyId, call };
}

/**
 * What every failure leaves behind: the question, the draft, no open call, and a conversation that goes on at once. What
 * Claude is told of it are these texts, in turns that alternate.
 */
export async function goOn(
  chat: ChatPage,
  upstream: Upstream,
  { prompt, draft }: Question,
  history: readonly string[],
): Promise<void> {
  await expect(chat.lastQuestion).toHaveText(prompt);
  await expect(chat.composer).toHaveValue(draft);
  await expect.poll(() => upstream.openCalls).toBe(0);
  await chat.composer.press('Enter');
  const next = await upstream.nextCall(history.at(-1) ?? '');
  expect(next.texts).toEqual(history);
  expect(next.body.messages.map(({ role }) => role)).toEqual(
    history.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')),
  );
  next.send(wholeAnswer('And on it goes.'));
  next.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect.poll(() => upstream.openCalls).toBe(0);
}

/**
 * Ten seconds pass in the page, whose clock must be installed, and it says that it still waits. They pass again where the
 * silence had not begun yet: the first event of a reply shows nothing.
 */
export async function expectStillWaiting({ page, lastAnswer }: ChatPage): Promise<void> {
  await expect(async () => {
    await page.clock.fastForward(10_000);
    await expect(lastAnswer).toContainText(/Still waiting for Claude… [12]\d s/, { timeout: 1000 });
  }).toPass();
}

/** A response of this server to a program, read to its end, with the code of the error that it tells. */
export type Answered = {
  readonly status: number;
  readonly code: string | undefined;
  readonly headers: Headers;
  readonly body: string;
};

/** What a program gets that wants the whole as one object, where Claude does this. */
export async function askForJson(
  url: string,
  upstream: Upstream,
  answer: (call: UpstreamCall) => unknown,
  post = postPromptForJson,
): Promise<Answered> {
  const prompt = promptByHand('a program');
  const asked = post(url, prompt);
  await answer(await upstream.nextCall(prompt));
  return readWhole(await asked);
}

export async function readWhole(response: Response): Promise<Answered> {
  const body = await response.text();
  return { status: response.status, code: /"code":"(\w+)"/.exec(body)?.[1], headers: response.headers, body };
}

/** The same, and what a program gets that reads the stream: before the first byte both get the same. */
export function askBothWays(
  url: string,
  upstream: Upstream,
  answer: (call: UpstreamCall) => unknown,
): Promise<readonly Answered[]> {
  return Promise.all([postPromptForJson, postPrompt].map((post) => askForJson(url, upstream, answer, post)));
}
