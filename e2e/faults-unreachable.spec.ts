import { encodeFrame } from '@/lib/demo/script';
import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { errorBody, wholeAnswer } from './frames';
import { FAILED_REQUEST } from './page-errors';
import { ask, askForJson, expectStillWaiting, goOn, readWhole } from './question';
import { openReply, postPromptForJson } from './reply-client';
import { startRivulet } from './rivulet-server';
import { promptByHand, Upstream } from './upstream';

/** How long a reply may wait and ask again in all. */
const BUDGET_MS = 20_000;

/** In that time: the waits are at least the half of 1, 2, 4, 8, 8 seconds and so on. */
const MOST_ATTEMPTS = 8;

/** For the tests that see the budget spent. */
const LONG_TEST_MS = 90_000;

test('U-5xx · a Claude that stays overloaded is given up within the budget, with a time for the next try', async ({
  page,
  live,
  upstream,
}) => {
  test.setTimeout(LONG_TEST_MS);
  const refuseForEver = async (prompt: string): Promise<never> => {
    for (;;) (await upstream.nextCall(prompt)).refuse(529, errorBody('overloaded_error', 'Overloaded'));
  };
  const [forJson, forStream] = [promptByHand('overloaded for JSON'), promptByHand('overloaded for a stream')];
  const json = postPromptForJson(live.url, forJson);
  const stream = openReply(live.url, forStream);
  for (const prompt of [forJson, forStream]) void refuseForEver(prompt);
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'overloaded for ever');
  question.call.refuse(529, errorBody('overloaded_error', 'Overloaded'));
  void refuseForEver(question.prompt);

  const log = await live.findLog(question.replyId);
  expect(log).toMatchObject({ level: 40, outcome: 'failed', errorCode: 'overloaded' });
  expect(log.attempts).toBe(upstream.calls.filter(({ prompt }) => prompt === question.prompt).length);
  expect(log.attempts).toBeGreaterThan(3);
  expect(log.attempts).toBeLessThanOrEqual(MOST_ATTEMPTS);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(/^No answer\. Claude is overloaded right now\. Request/);
  await expect(chat.lastButtons).toHaveText([/^Retry/]);

  const events = await (await stream).rest();
  const waits = events.filter(({ type }) => type === 'reply-waiting').map(({ retryInMs }) => Number(retryInMs));
  expect(waits.reduce((sum, waitMs) => sum + waitMs, 0)).toBeLessThanOrEqual(BUDGET_MS);
  expect(events.at(-1)).toMatchObject({
    type: 'reply-error',
    error: { code: 'overloaded', retryable: true, retryAfterSeconds: expect.any(Number) },
  });
  const { status, headers } = await json;
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toMatch(/^\d$/);
  await expect(chat.lastQuestion).toHaveText(question.prompt);
  await expect(chat.composer).toHaveValue(question.draft);
  expect(upstream.openCalls).toBe(0);
});

/** Nobody listens there any more. */
async function closedUrl(): Promise<string> {
  const upstream = await Upstream.start();
  const { url } = upstream;
  await upstream.stop();
  return url;
}

test('U-conn · a Claude that cannot be reached is given up within the budget, and the log alone knows why', async ({
  page,
  upstream,
}) => {
  test.setTimeout(LONG_TEST_MS);
  const addresses = [
    { url: await closedUrl(), cause: /ECONNREFUSED/ },
    { url: upstream.url.replace('http:', 'https:'), cause: /EPROTO|SSL/ },
    // No name may hold an empty part, so no network is asked for it.
    { url: 'http://no..name', cause: /ENOTFOUND|EAI_/ },
  ];
  const servers = await Promise.all(
    addresses.map(({ url }) => startRivulet({ ANTHROPIC_API_KEY: 'a-key', ANTHROPIC_BASE_URL: url })),
  );
  const answers = servers.map((server) => postPromptForJson(server.url, 'Is anybody there?'));
  const chat = await ChatPage.open(page, servers[0]?.url);
  await chat.send('Is anybody there?');
  await expect(chat.lastAnswer).toHaveText(/^Claude cannot be reached\. Trying again/);

  const causes = /ECONN|EPROTO|ENOTFOUND|EAI_|SSL|127\.0\.0\.1/;
  for (const [index, answer] of answers.entries()) {
    const { status, code, headers, body } = await readWhole(await answer);
    expect([status, code]).toEqual([502, 'upstream_unreachable']);
    expect(body).not.toMatch(causes);
    const log = await servers[index]?.findLog(headers.get('x-request-id') ?? '');
    expect(log).toMatchObject({ level: 40, outcome: 'failed', errorCode: 'upstream_unreachable' });
    expect(log?.cause).toMatch(addresses[index]?.cause ?? '');
    expect(log?.attempts).toBeGreaterThan(3);
    expect(log?.attempts).toBeLessThanOrEqual(MOST_ATTEMPTS);
  }
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed', { timeout: BUDGET_MS });
  await expect(chat.lastAnswer).toContainText(/^No answer\. Claude cannot be reached right now\. Request/);
  await expect(chat.lastAnswer).not.toContainText(causes);
  await expect(chat.lastQuestion).toHaveText('Is anybody there?');
  await expect(chat.lastButtons).toHaveText([/^Retry/]);
  await Promise.all(servers.map((server) => server.stop()));
});

test('U-conn · a connection that is reset before the headers is made again', async ({ page, live, upstream }) => {
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'reset at once');
  question.call.reset();
  await expect(chat.lastAnswer).toHaveText(/^Claude cannot be reached\. Trying again/);
  const again = await upstream.nextCall(question.prompt);
  again.send(wholeAnswer('Here I am.'));
  again.end();

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(await live.findLog(question.replyId)).toMatchObject({ outcome: 'complete', attempts: 2 });
  await goOn(chat, upstream, question, [question.prompt, 'Here I am.', question.draft]);
});

test('U-nohdr · a Claude that never answers is waited for in sight, up to a limit', async ({
  page,
  hasty,
  upstream,
}) => {
  const answered = askForJson(hasty.url, upstream, () => {});
  const stream = await openReply(hasty.url, promptByHand('no headers, streamed'));
  expect(await stream.nextFrame()).toBe(': rivulet');
  await page.clock.install();
  const chat = await ChatPage.open(page, hasty.url);
  const question = await ask(chat, upstream, 'no headers');
  await expect(chat.lastAnswer).toHaveText('Asking Claude…');
  await expectStillWaiting(chat);

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(/^No answer\. Claude did not begin to answer in time\. Request/);
  await expect(chat.lastButtons).toHaveText(['Retry']);
  expect(await hasty.findLog(question.replyId)).toMatchObject({
    level: 40,
    outcome: 'failed',
    errorCode: 'first_byte_timeout',
    attempts: 1,
  });
  const { status, code } = await answered;
  expect([status, code]).toEqual([504, 'first_byte_timeout']);
  expect(await stream.rest()).toMatchObject([
    { type: 'reply-start' },
    { type: 'reply-error', error: { code: 'first_byte_timeout' } },
  ]);
  await question.call.closed;
  expect(upstream.calls).toHaveLength(3);
  await goOn(chat, upstream, question, [`${question.prompt}\n\n${question.draft}`]);
});

const start = { message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage: {} } };

/** What came with the status 200. */
const NO_ANSWERS = [
  { type: 'text/html', body: '<!doctype html><title>Sign in to the network</title>' },
  { type: 'application/json', body: JSON.stringify({ type: 'message', content: [{ type: 'text', text: 'Sign in' }] }) },
  // As other APIs frame their events: without names.
  { type: 'text/event-stream', body: encodeFrame('message_start', start).replace(/^event: .*\n/, '') },
  { type: 'text/event-stream', body: '' },
];

test('U-html · a web page, JSON, events without names and nothing are no answer, and Retry may bring one', async ({
  page,
  pageErrors,
  live,
  upstream,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'no answer');
  let { call } = question;
  for (const { type, body } of NO_ANSWERS) {
    call.sendHeaders(200, { 'content-type': type });
    call.send(body);
    call.end();
    await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
    await expect(chat.lastAnswer).toContainText(/^No answer\. The answer from Claude could not be read\. Request/);
    await expect(chat.lastAnswer).not.toContainText('Sign in');
    await chat.lastButtons.filter({ hasText: 'Retry' }).click();
    call = await upstream.nextCall(question.prompt);
  }
  call.send(wholeAnswer('Signed in.'));
  call.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(upstream.calls).toHaveLength(NO_ANSWERS.length + 1);
  expect(await live.findLog(question.replyId)).toMatchObject({
    level: 40,
    outcome: 'failed',
    errorCode: 'upstream_unreadable',
    attempts: 1,
  });
  for (const { type, body } of NO_ANSWERS) {
    const answered = await askForJson(live.url, upstream, (call) => {
      call.sendHeaders(200, { 'content-type': type });
      call.send(body);
      call.end();
    });
    expect([answered.status, answered.code]).toEqual([502, 'upstream_unreadable']);
  }
  expect(live.output.filter((line) => line.includes('Sign in'))).toEqual([]);
  await goOn(chat, upstream, question, [question.prompt, 'Signed in.', question.draft]);
});
