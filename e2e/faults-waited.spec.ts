import { ChatPage } from './chat-page';
import { expect, test } from './fixtures';
import { errorBody, errorFrame, wholeAnswer } from './frames';
import { FAILED_REQUEST } from './page-errors';
import { ask, askBothWays, goOn } from './question';
import { openReply, type WireEvent } from './reply-client';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

const AN_HOUR_MS = 3_600_000;

/** Its seconds are whole, so it is up to one second less from now. */
const httpDate = (inMs: number) => new Date(Date.now() + inMs).toUTCString();

const limit = (retryAfter: string) => (call: UpstreamCall) =>
  call.refuse(429, errorBody('rate_limit_error', 'This request would exceed your limit'), {
    'retry-after': retryAfter,
  });

function succeed(call: UpstreamCall): void {
  call.send(wholeAnswer('Here I am.'));
  call.end();
}

/** A reply whose first call fails like this and whose second succeeds. */
async function recoverFrom(url: string, upstream: Upstream, fail: (call: UpstreamCall) => void): Promise<WireEvent[]> {
  const prompt = promptByHand('to be recovered');
  const opening = openReply(url, prompt);
  fail(await upstream.nextCall(prompt));
  succeed(await upstream.nextCall(prompt));
  return (await opening).rest();
}

const recovered = (waiting: object) => [
  { type: 'reply-start' },
  { type: 'reply-waiting', ...waiting },
  { type: 'text-delta', text: 'Here I am.' },
  { type: 'reply-end', stopReason: 'end_turn' },
];

test('U-429s · a rate limit of two seconds is waited out in sight, and then the answer comes', async ({
  page,
  live,
  upstream,
}) => {
  await page.clock.install();
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'a short limit');
  const limitedAt = performance.now();
  limit('2')(question.call);

  await expect(chat.lastAnswer).toHaveText(/^Claude’s rate limit is reached\. Trying again in [12] s…$/);
  await expect(page.getByRole('status')).toHaveText('Claude is busy. Waiting to try again.');
  await page.clock.fastForward(2000);
  await expect(chat.lastAnswer).toHaveText('Claude’s rate limit is reached. Trying again…');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'streaming');
  const again = await upstream.nextCall(question.prompt);
  // A timer may be a millisecond early.
  expect(performance.now() - limitedAt).toBeGreaterThan(1990);
  succeed(again);
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText(/^Here I am\./);
  expect(await live.findLog(question.replyId)).toMatchObject({ level: 30, outcome: 'complete', attempts: 2 });
  await goOn(chat, upstream, question, [question.prompt, 'Here I am.', question.draft]);
});

test('U-429s · Stop works during the wait, and Claude is not asked again', async ({ page, live, upstream }) => {
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'a limit, stopped');
  limit('15')(question.call);
  await expect(chat.lastAnswer).toContainText(/Trying again in 1\d s…/);
  await chat.stopButton.click();

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
  await expect(chat.lastAnswer).toContainText(/^You stopped this answer\./);
  await expect(chat.lastButtons).toHaveText(['Retry', 'Edit']);
  // Written when the reply is over: what it was to ask, it has asked by then.
  const log = await live.findLog(question.replyId);
  expect(log).toMatchObject({ level: 30, outcome: 'stopped' });
  expect(log.totalMs).toBeLessThan(15_000);
  expect(upstream.calls).toHaveLength(1);
  await goOn(chat, upstream, question, [`${question.prompt}\n\n${question.draft}`]);
});

test('U-429l · a rate limit of an hour is told at once, with the time of day and a countdown', async ({
  page,
  pageErrors,
  live,
  upstream,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  await page.clock.install();
  const chat = await ChatPage.open(page);
  const { prompt, draft, replyId, call } = await ask(chat, upstream, 'a long limit');
  limit('3600')(call);

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'failed');
  await expect(chat.lastAnswer).toContainText(
    /^No answer\. Claude’s rate limit is reached\. Try again at .*\d{1,2}:\d{2}.*\.\s*Request/,
  );
  const until = await chat.lastAnswer.getByRole('time').getAttribute('datetime');
  expect(Date.parse(until ?? '') - Date.now()).toBeGreaterThan(0.98 * AN_HOUR_MS);
  await expect(chat.lastButtons).toHaveText([/^Retry\s*in (59:\d{2}|1 h 0 min)$/]);
  expect(await live.findLog(replyId)).toMatchObject({ level: 40, errorCode: 'rate_limited', attempts: 1 });
  await page.clock.fastForward('59:30');
  await expect(chat.lastButtons).toHaveText([/^Retry\s*in \d{1,2} s$/]);
  await page.clock.fastForward('00:30');
  await expect(chat.lastButtons).toHaveText(['Retry']);

  await expect(chat.composer).toHaveValue(draft);
  await chat.lastButtons.click();
  succeed(await upstream.nextCall(prompt));
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(upstream.calls).toHaveLength(2);
});

test('U-429l · seconds and a date that are too far away are passed on, and not waited', async ({ live, upstream }) => {
  for (const retryAfter of ['3600', httpDate(AN_HOUR_MS)]) {
    for (const { status, code, headers, body } of await askBothWays(live.url, upstream, limit(retryAfter))) {
      expect([status, code]).toEqual([429, 'rate_limited']);
      const { retryAfterSeconds } = JSON.parse(body).error;
      expect(retryAfterSeconds).toBeGreaterThan(3500);
      expect(retryAfterSeconds).toBeLessThanOrEqual(3600);
      expect(headers.get('retry-after')).toBe(String(retryAfterSeconds));
    }
  }
  expect(upstream.calls).toHaveLength(4);
  expect(upstream.openCalls).toBe(0);
});

test('U-429l · a date that is near is waited, and a header that makes no sense counts as none', async ({
  page,
  live,
  upstream,
}) => {
  const near = recoverFrom(live.url, upstream, limit(httpDate(2000)));
  const negative = recoverFrom(live.url, upstream, limit('-5'));
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'bananas');
  limit('banana')(question.call);
  await expect(chat.lastAnswer).toHaveText(/^Claude’s rate limit is reached\. Trying again/);
  succeed(await upstream.nextCall(question.prompt));
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await goOn(chat, upstream, question, [question.prompt, 'Here I am.', question.draft]);

  const reason = 'rate_limited';
  expect(await near).toMatchObject(recovered({ reason }));
  expect(await negative).toMatchObject(recovered({ reason }));
  const [nearMs, negativeMs] = [await near, await negative].map((events) => Number(events[1]?.retryInMs));
  expect(nearMs).toBeLessThanOrEqual(2200);
  // Our own first wait.
  expect(negativeMs).toBeLessThanOrEqual(1000);
});

const TROUBLES: readonly { status: number; reason: string; body: string; type?: string }[] = [
  { status: 500, reason: 'upstream_failed', body: errorBody('api_error', 'Internal server error') },
  { status: 502, reason: 'upstream_failed', body: '<html>502 Bad Gateway</html>', type: 'text/html' },
  { status: 503, reason: 'overloaded', body: '', type: 'text/plain' },
  { status: 504, reason: 'upstream_failed', body: '{"error":"upstream request timeout"}' },
];

test('U-5xx · an overloaded Claude and its other troubles are waited out in sight of the reader', async ({
  page,
  live,
  upstream,
}) => {
  const replies = TROUBLES.map(({ status, body, type = 'application/json' }) =>
    recoverFrom(live.url, upstream, (call) => call.refuse(status, body, { 'content-type': type })),
  );
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'overloaded twice');
  question.call.refuse(529, errorBody('overloaded_error', 'Overloaded'));
  await expect(chat.lastAnswer).toHaveText(/^Claude is overloaded\. Trying again( in \d+ s)?…$/);
  (await upstream.nextCall(question.prompt)).refuse(529, errorBody('overloaded_error', 'Overloaded'));
  const third = await upstream.nextCall(question.prompt);
  await expect(chat.lastAnswer).toHaveText(/^Claude is overloaded\. Trying again/);
  succeed(third);

  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(await live.findLog(question.replyId)).toMatchObject({ level: 30, outcome: 'complete', attempts: 3 });
  for (const [index, { reason }] of TROUBLES.entries()) {
    expect(await replies[index]).toMatchObject(recovered({ reason }));
  }
  await goOn(chat, upstream, question, [question.prompt, 'Here I am.', question.draft]);
});

test('U-err0 · an error as the first event is the same as one before it', async ({ page, live, upstream }) => {
  const errors = [
    { type: 'api_error', reason: 'upstream_failed' },
    { type: 'rate_limit_error', reason: 'rate_limited' },
  ];
  const replies = errors.map(({ type }) =>
    recoverFrom(live.url, upstream, (call) => call.send(errorFrame(type, 'in the stream'))),
  );
  const chat = await ChatPage.open(page);
  const question = await ask(chat, upstream, 'error first');
  question.call.send(errorFrame('overloaded_error', 'Overloaded'));
  await expect(chat.lastAnswer).toHaveText(/^Claude is overloaded\. Trying again/);
  succeed(await upstream.nextCall(question.prompt));
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  expect(await live.findLog(question.replyId)).toMatchObject({ outcome: 'complete', attempts: 2 });
  for (const [index, { reason }] of errors.entries()) {
    expect(await replies[index]).toMatchObject(recovered({ reason }));
  }

  // What cannot be waited out still has its status.
  const refuse = (call: UpstreamCall) => call.send(errorFrame('invalid_request_error', 'prompt is too long'));
  for (const { status, code } of await askBothWays(live.url, upstream, refuse)) {
    expect([status, code]).toEqual([400, 'conversation_too_long']);
  }
  await goOn(chat, upstream, question, [question.prompt, 'Here I am.', question.draft]);
});
