import { encodeFrame } from '@/lib/demo/script';
import { ChatPage } from './chat-page';
import { dictate, endlessly } from './dictation';
import { errorBody, messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { expect, test } from './own-server';
import { FAILED_REQUEST } from './page-errors';
import { joinDeltas, openReply, postPromptForJson } from './reply-client';
import { promptByHand } from './upstream';

const AND_ON = textDelta('and on ');
const PING = encodeFrame('ping');

/** Both allow a reply one second: a reply ends before the platform cuts it, after half of so short a time. */
const ONE_SECOND = [{ MAX_DURATION_SECONDS: '2' }, { MAX_REPLY_SECONDS: '1' }];

for (const settings of ONE_SECOND) {
  const [setting] = Object.keys(settings);

  test(`S-max · an answer without an end is ended by ${setting}, and says so`, async ({ startServer, upstream }) => {
    const server = await startServer(settings);
    const prompt = promptByHand('endless');
    const reply = await openReply(server.url, prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart());
    await dictate(call, endlessly(AND_ON));

    const events = await reply.rest();
    expect(joinDeltas(events, 'text-delta')).toMatch(/^(and on )+$/);
    expect(events.at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'reply_timeout', retryable: true } });
    await call.closed;
    const log = await server.findLog(reply.response.headers.get('x-request-id') ?? '');
    expect(log).toMatchObject({ outcome: 'interrupted', errorCode: 'reply_timeout', attempts: 1 });
    expect(log.totalMs).toBeGreaterThanOrEqual(990);
    expect(log.totalMs).toBeLessThan(2000);
  });
}

test('S-max · a program that asked for the whole, and waits for a busy Claude, gets the status in time', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer({ MAX_DURATION_SECONDS: '2' });
  const prompt = promptByHand('too patient');
  const answer = postPromptForJson(server.url, prompt);
  (await upstream.nextCall(prompt)).refuse(529, errorBody('overloaded_error', ''), { 'retry-after': '10' });
  const response = await answer;
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ error: { code: 'reply_timeout' } });
  expect(upstream.calls).toHaveLength(1);
});

test('S-max · in the page the text of an answer that took too long can be continued', async ({
  page,
  startServer,
  upstream,
}) => {
  const server = await startServer({ MAX_DURATION_SECONDS: '2' });
  const chat = await ChatPage.open(page, server.url);
  const prompt = promptByHand('endless in sight');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart());
  await dictate(call, endlessly(AND_ON));
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  await expect(chat.lastAnswer).toContainText('and on and on');
  await expect(chat.lastAnswer).toContainText('The answer took longer than this server allows.');
  await expect(chat.lastAnswer.getByRole('button', { name: 'Retry' })).toBeVisible();

  await chat.lastAnswer.getByRole('button', { name: 'Continue' }).click();
  await expect(chat.answers).toHaveCount(2);
  await expect
    .poll(() => upstream.calls.at(-1)?.texts.slice(0, 2))
    .toEqual([prompt, expect.stringMatching(/^(and on )+$/)]);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
});

/** Claude may be silent for one second, and say nothing new for two and a half. */
const PATIENCE = { STALL_TIMEOUT_SECONDS: '1', OUTPUT_TIMEOUT_SECONDS: '2.5' };

test('S-loop · pings keep an answer alive for longer than Claude may be silent', async ({ startServer, upstream }) => {
  const server = await startServer(PATIENCE);
  const prompt = promptByHand('pings, then text');
  const reply = await openReply(server.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart());
  await dictate(call, Array(15).fill(PING), 100);
  call.send(textStart(), textDelta('Here I am.'), wholeAnswer(''));
  call.end();
  const events = await reply.rest();
  expect(joinDeltas(events, 'text-delta')).toBe('Here I am.');
  expect(events.at(-1)).toMatchObject({ type: 'reply-end' });
});

test('S-loop · pings alone do not keep an answer alive for ever', async ({ startServer, upstream }) => {
  const server = await startServer(PATIENCE);
  const prompt = promptByHand('pings alone');
  const reply = await openReply(server.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await dictate(call, endlessly(PING), 100);
  expect((await reply.rest()).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'stalled' } });
  const log = await server.findLog(reply.response.headers.get('x-request-id') ?? '');
  expect(log.totalMs).toBeGreaterThanOrEqual(2490);
});

test('B-6 · a tab too many says so, keeps its question, and asks it when another one has ended', async ({
  context,
  startServer,
  upstream,
  pageErrors,
}) => {
  const server = await startServer({ MAX_CONCURRENT_REPLIES: '4' });
  pageErrors.allow(FAILED_REQUEST);
  const chats: ChatPage[] = [];
  for (let tab = 0; tab < 4; tab += 1) {
    const chat = await ChatPage.open(await context.newPage(), server.url);
    const prompt = promptByHand(`tab ${tab}`);
    await chat.send(prompt);
    (await upstream.nextCall(prompt)).send(messageStart(), textStart(), textDelta('Half'));
    await expect(chat.lastAnswer).toContainText('Half');
    chats.push(chat);
  }
  const fifth = await ChatPage.open(await context.newPage(), server.url);
  await fifth.send('One more');
  await expect(fifth.lastAnswer).toContainText('You have too many answers running. Wait until one of them ends.');
  await chats[0]?.stopButton.click();
  await expect(chats[0]?.lastAnswer ?? fifth.lastAnswer).toHaveAttribute('data-status', 'stopped');
  await fifth.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  await expect(fifth.lastAnswer).toHaveAttribute('data-status', 'complete');
});
