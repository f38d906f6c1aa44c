import { messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { expect, test } from './own-abused-server';
import { openReply } from './reply-client';
import type { RivuletServer } from './rivulet-server';
import { promptByHand } from './upstream';

/** A scenario that is short, and answered at once. */
const SHORT = 'Begin an answer, then decline it.';

function post(server: RivuletServer, prompt: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
    body: JSON.stringify({ messages: [{ role: 'user', content: prompt }] }),
  });
}

/** How many of these requests, one after the other, are answered. */
async function countAnswered(server: RivuletServer, requests: readonly Record<string, string>[]): Promise<number> {
  let answered = 0;
  for (const headers of requests) answered += Number((await post(server, SHORT, headers)).status === 200);
  return answered;
}

async function codeOf(response: Response): Promise<string> {
  return (await response.json()).error.code;
}

test('A057 · one request more than a minute allows waits for the next one, and running replies go on', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer({ RATE_LIMIT_PER_MINUTE: '3' });
  const prompt = promptByHand('running');
  const running = await openReply(server.url, prompt);
  expect(running.response.headers.get('ratelimit-policy')).toBe('"replies";q=3;w=60');
  expect(running.response.headers.get('ratelimit')).toMatch(/^"replies";r=2;t=(60|59)$/);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  expect(await countAnswered(server, [{}, {}])).toBe(2);

  const refused = await post(server, SHORT);
  expect([refused.status, await codeOf(refused)]).toEqual([429, 'too_many_requests']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
  expect(refused.headers.get('ratelimit')).toMatch(/^"replies";r=0;t=\d+$/);
  expect(upstream.calls).toHaveLength(3);

  // What has begun is read, repeated and stopped as before.
  call.send(textDelta(' and half.'), wholeAnswer(''));
  call.end();
  expect((await running.rest()).at(-1)).toMatchObject({ type: 'reply-end' });
});

test('A057 · one reply more than may run at once is refused, and a thousand at once are not let through', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer({ MAX_CONCURRENT_REPLIES: '2', RATE_LIMIT_PER_MINUTE: '10' });
  const prompts = ['one', 'other'].map(promptByHand);
  const replies = await Promise.all(prompts.map((prompt) => openReply(server.url, prompt)));
  const calls = await Promise.all(prompts.map((prompt) => upstream.nextCall(prompt)));
  const third = await post(server, SHORT);
  expect([third.status, await codeOf(third)]).toEqual([429, 'too_many_replies']);

  // A cookie of one's own is had for nothing, so it does not count.
  const crowd = await Promise.all(Array.from({ length: 1000 }, () => post(server, SHORT)));
  // On a busy machine the last ones wait for longer than a head may take to come.
  expect(crowd.filter(({ status }) => status !== 429 && status !== 408)).toEqual([]);
  expect(upstream.calls).toHaveLength(2);
  for (const call of calls) {
    call.send(wholeAnswer('Done.'));
    call.end();
  }
  for (const reply of replies) expect((await reply.rest()).at(-1)).toMatchObject({ type: 'reply-end' });
});

const ADDRESSES = [1, 2, 3, 4, 5, 6].map((n) => `203.0.113.${n}`);

test('A058 · an address that a client makes up is not counted as another one', async ({ startServer }) => {
  const server = await startServer({ RATE_LIMIT_PER_MINUTE: '3' });
  const madeUp = ADDRESSES.map((address) => ({
    'X-Forwarded-For': address,
    'X-Real-IP': address,
    Forwarded: `for=${address}`,
  }));
  // A server that answers its own machine alone has nobody else to count.
  expect(await countAnswered(server, madeUp)).toBe(0);
  const open = await startServer({ RATE_LIMIT_PER_MINUTE: '3', ALLOW_PUBLIC: '1' });
  expect(await countAnswered(open, madeUp)).toBe(3);
});

test('A058 · behind a proxy the address that it saw counts, and nothing in front of it', async ({ startServer }) => {
  const settings = { RATE_LIMIT_PER_MINUTE: '3', ALLOW_PUBLIC: '1', TRUST_PROXY: '1' };
  const madeUp = await startServer(settings);
  const rotating = ADDRESSES.map((address) => ({ 'X-Forwarded-For': `${address}, 198.51.100.1` }));
  expect(await countAnswered(madeUp, rotating)).toBe(3);
  expect(await countAnswered(madeUp, [{ 'X-Forwarded-For': '198.51.100.2' }])).toBe(1);
  const honest = await startServer(settings);
  expect(
    await countAnswered(
      honest,
      ADDRESSES.map((address) => ({ 'X-Forwarded-For': address })),
    ),
  ).toBe(6);
});

test('A059 · all addresses of an IPv6 network of 64 bits are one', async ({ startServer }) => {
  const server = await startServer({ RATE_LIMIT_PER_MINUTE: '3', ALLOW_PUBLIC: '1', TRUST_PROXY: '1' });
  const from = (network: string) => ADDRESSES.map((_, n) => ({ 'X-Forwarded-For': `${network}::${n + 1}:7` }));
  expect(await countAnswered(server, from('2001:db8:0:1'))).toBe(3);
  expect(await countAnswered(server, from('2001:db8:0:2'))).toBe(3);
});

test('A061 · when the tokens of a day are used up it is said, and until when', async ({ startServer, upstream }) => {
  const server = await startServer({ MAX_OUTPUT_TOKENS: '500', TOKENS_PER_DAY: '700' });
  const prompt = promptByHand('the first of the day');
  const running = await openReply(server.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  // As much as an answer can take is set aside for the one that runs.
  const early = await post(server, SHORT);
  expect([early.status, await codeOf(early)]).toEqual([429, 'budget_exhausted']);
  call.send(wholeAnswer(' and half.'));
  call.end();
  expect((await running.rest()).at(-1)).toMatchObject({ type: 'reply-end' });

  // What it did not take is there for the next ones, as long as it lasts.
  const answered: number[] = [];
  let response = await post(server, SHORT);
  for (; response.status === 200; response = await post(server, SHORT)) {
    const { usage } = await response.json();
    answered.push(usage.inputTokens + usage.outputTokens);
  }
  expect(answered.length).toBeGreaterThan(0);
  expect(upstream.calls).toHaveLength(1 + answered.length);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(86_000);
  expect(await response.json()).toMatchObject({
    error: { code: 'budget_exhausted', message: 'The tokens that this server may spend in a day are used up.' },
  });
});

test('A062 · a clock that is set back lets nobody in twice', async ({ startServer }) => {
  const server = await startServer({ RATE_LIMIT_PER_MINUTE: '3' }, { withProbe: true });
  expect(await countAnswered(server, [{}, {}])).toBe(2);
  server.signal('SIGHUP');
  await expect.poll(() => server.output).toContain('The clock is set back.');
  expect(await countAnswered(server, [{}, {}, {}, {}])).toBe(1);
});

test('A063 · a reply is nobody’s but its caller’s, to read and to stop', async ({ live, upstream }) => {
  const prompt = promptByHand('private');
  const reply = await openReply(live.url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Mine'));
  const [start] = [await reply.nextEvent()];
  const address = `${live.url}/api/chat/${start?.type === 'reply-start' ? start.replyId : ''}`;
  const stranger = (await post(live, SHORT)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
  for (const headers of [{}, { Cookie: stranger }, { Cookie: 'rivulet-caller=someone.else' }]) {
    for (const method of ['GET', 'DELETE']) {
      const { status } = await fetch(address, { method, headers: headers as Record<string, string> });
      expect([method, headers, status]).toEqual([method, headers, 404]);
    }
  }
  expect(call.isOpen).toBe(true);
  call.send(textDelta(' alone.'), wholeAnswer(''));
  call.end();
  expect((await reply.rest()).at(-1)).toMatchObject({ type: 'reply-end' });
});
