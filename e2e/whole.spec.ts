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
} from './frames';
import { postPromptForJson } from './reply-client';
import { promptByHand } from './upstream';

test('a program that accepts only JSON gets the whole reply as one object', async ({ live, upstream }) => {
  const prompt = promptByHand('whole');
  const answer = postPromptForJson(live.url, prompt, { fields: { replyId: 'whole-0123456789abcdefghij' } });
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), thinkingStart(0), thinkingDelta('Hm. ', 0), thinkingDelta('Yes.', 0), blockStop(0));
  call.send(textStart(1), textDelta('Forty', 1), textDelta('-two.', 1), blockStop(1), messageEnd('end_turn', 9));
  call.end();
  const response = await answer;

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await response.json()).toEqual({
    replyId: 'whole-0123456789abcdefghij',
    model: call.body.model,
    content: [
      { type: 'thinking', text: 'Hm. Yes.' },
      { type: 'text', text: 'Forty-two.' },
    ],
    stopReason: 'end_turn',
    usage: { inputTokens: 12, outputTokens: 9, cacheReadTokens: 3, cacheWriteTokens: 0 },
    timing: { firstTokenMs: expect.any(Number), totalMs: expect.any(Number) },
  });
});

test('a reply that breaks in the middle is an error there, and never half an answer', async ({ live, upstream }) => {
  const prompt = promptByHand('half');
  const answer = postPromptForJson(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half of it'));
  call.drop();
  const response = await answer;
  const body = await response.text();

  expect(response.status).toBe(502);
  expect(body).not.toContain('Half');
  expect(JSON.parse(body)).toEqual({
    error: {
      code: 'upstream_cut',
      message: expect.any(String),
      requestId: response.headers.get('x-request-id'),
    },
  });
});

const REFUSALS = [
  { says: 'the key is wrong', status: 401, type: 'authentication_error', expected: [503, 'service_misconfigured'] },
  { says: 'the request is bad', status: 400, type: 'invalid_request_error', expected: [400, 'request_rejected'] },
  { says: 'the model is unknown', status: 404, type: 'not_found_error', expected: [400, 'model_unavailable'] },
  { says: 'it is too much', status: 413, type: 'request_too_large', expected: [413, 'request_too_large'] },
] as const;

for (const { says, status, type, expected } of REFUSALS) {
  test(`where Claude says that ${says}, so does the status, with a code of our own`, async ({ live, upstream }) => {
    const prompt = promptByHand(type);
    const answer = postPromptForJson(live.url, prompt);
    (await upstream.nextCall(prompt)).refuse(status, errorBody(type, 'words of the upstream'));
    const response = await answer;
    const body = await response.text();

    expect([response.status, JSON.parse(body).error.code]).toEqual(expected);
    expect(body).not.toContain('words of the upstream');
  });
}

test('a wait that is longer than the budget is not waited but told', async ({ live, upstream }) => {
  const prompt = promptByHand('a long wait');
  const answer = postPromptForJson(live.url, prompt);
  (await upstream.nextCall(prompt)).refuse(429, errorBody('rate_limit_error', ''), { 'retry-after': '120' });
  const response = await answer;

  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('120');
  expect(await response.json()).toMatchObject({ error: { code: 'rate_limited', retryAfterSeconds: 120 } });
});
