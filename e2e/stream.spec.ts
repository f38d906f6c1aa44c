import { expect, test } from './fixtures';
import { blockStop, messageEnd, messageStart, textDelta, textStart, thinkingDelta, thinkingStart } from './frames';
import { openReply, postPrompt } from './reply-client';
import { promptByHand } from './upstream';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test('the stream opens before Claude has sent anything', async ({ live, upstream }) => {
  const prompt = promptByHand('silence');
  const reply = await openReply(live.url, prompt);
  expect(await reply.nextFrame()).toBe(': rivulet');
  const start = await reply.nextEvent();
  const call = await upstream.nextCall(prompt);

  expect(reply.response.status).toBe(200);
  expect(start).toMatchObject({ type: 'reply-start', model: call.body.model, simulated: false });
  expect(call.isOpen).toBe(true);
  reply.leave();
});

test('its headers are those of the contract, and ask every proxy to pass it on at once', async ({ live, upstream }) => {
  const prompt = promptByHand('headers');
  const reply = await openReply(live.url, prompt, { headers: { 'Accept-Encoding': 'gzip, deflate, br' } });
  const { headers } = reply.response;

  expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-cache, no-store, no-transform');
  expect(headers.get('x-accel-buffering')).toBe('no');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-encoding')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('x-request-id')).toMatch(UUID);
  await upstream.nextCall(prompt);
  reply.leave();
});

test('each delta arrives before Claude writes the next, numbered, up to [DONE]', async ({ live, upstream }) => {
  const prompt = promptByHand('one by one');
  const reply = await openReply(live.url, prompt, { fields: { replyId: 'one-by-one-0123456789abcdef' } });
  expect(await reply.nextEvent()).toMatchObject({ type: 'reply-start', replyId: 'one-by-one-0123456789abcdef' });
  const call = await upstream.nextCall(prompt);

  call.send(messageStart(), thinkingStart(0), thinkingDelta('Let me see.', 0));
  expect(await reply.nextEvent()).toEqual({ type: 'thinking-delta', text: 'Let me see.' });
  call.send(blockStop(0), textStart(1), textDelta('Grüß ', 1));
  expect(await reply.nextEvent()).toEqual({ type: 'text-delta', text: 'Grüß ' });
  call.send(textDelta('dich, 世界 🌊', 1));
  expect(await reply.nextEvent()).toEqual({ type: 'text-delta', text: 'dich, 世界 🌊' });
  call.send(blockStop(1), messageEnd('max_tokens', 40));
  call.end();

  expect(await reply.rest()).toEqual([
    {
      type: 'reply-end',
      stopReason: 'max_tokens',
      usage: { inputTokens: 12, outputTokens: 40, cacheReadTokens: 3, cacheWriteTokens: 0 },
      timing: { firstTokenMs: expect.any(Number), totalMs: expect.any(Number) },
    },
  ]);
});

test('a connection to Claude that breaks in the middle ends the reply with its reason', async ({ live, upstream }) => {
  const prompt = promptByHand('a cut');
  const reply = await openReply(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('The first half'));
  await reply.nextEvent();
  expect(await reply.nextEvent()).toEqual({ type: 'text-delta', text: 'The first half' });
  call.reset();

  const requestId = reply.response.headers.get('x-request-id');
  expect(await reply.rest()).toEqual([
    { type: 'reply-error', error: { code: 'upstream_cut', message: expect.any(String), retryable: true, requestId } },
  ]);
});

test('a response that ends without a stop reason is cut, however properly it was closed', async ({
  live,
  upstream,
}) => {
  const prompt = promptByHand('a quiet cut');
  const reply = await openReply(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('All but'), blockStop());
  call.end();

  expect((await reply.rest()).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'upstream_cut' } });
});

test('what is asked reaches Claude in its own words, the operator’s first', async ({ live, upstream }) => {
  const prompt = promptByHand('settings');
  const asked = postPrompt(live.url, prompt, {
    fields: { system: 'Answer in one line.', maxTokens: 100, effort: 'low', thinking: true },
  });
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), messageEnd());
  call.end();
  await (await asked).text();

  expect(call.body).toMatchObject({
    max_tokens: 100,
    stream: true,
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: 'low' },
    messages: [{ role: 'user', content: prompt }],
  });
  expect(call.body.system?.at(-1)?.text).toBe('Answer in one line.');
  expect(call.body.system).toHaveLength(2);
});
