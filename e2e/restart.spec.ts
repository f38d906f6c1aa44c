import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { ChatPage } from './chat-page';
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
import { expect, test } from './own-server';
import { plainPost } from './plain-post';
import { joinDeltas, openReply, postPromptForJson } from './reply-client';
import type { RivuletServer } from './rivulet-server';
import { promptByHand, type Upstream } from './upstream';
import type { UpstreamCall } from './upstream-call';

const DRAIN_SECONDS = 1;
/** From the signal to the end of the process: the drain, the last words, and a machine that is busy. */
const LIMIT_MS = (DRAIN_SECONDS + 3) * 1000;

const write = (call: UpstreamCall) => call.send(messageStart(), textStart(), textDelta('Half'));
const finish = (call: UpstreamCall) => {
  call.send(textDelta(' and half.'), blockStop(), messageEnd());
  call.end();
};

/** What a reply is in the middle of when the process is asked to end, and how its reader knows. */
const MOMENTS: readonly { sign: string; answer: (call: UpstreamCall) => void; text: string }[] = [
  { sign: 'text-delta', answer: write, text: 'Half' },
  { sign: 'reply-start', answer: () => {}, text: '' },
  { sign: 'thinking-delta', answer: think, text: '' },
  {
    sign: 'reply-waiting',
    answer: (call) => call.refuse(529, errorBody('overloaded_error', ''), IN_A_WHILE),
    text: '',
  },
];
const IN_A_WHILE = { 'retry-after': '10' };

function think(call: UpstreamCall): void {
  call.send(messageStart(), thinkingStart(), thinkingDelta('Hm.'));
}

test('S-term · of twenty replies those that end in time are complete, and the others say why they are not', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer({ DRAIN_SECONDS: `${DRAIN_SECONDS}` });
  const inTime = await Promise.all(Array.from({ length: 8 }, () => begin(server, upstream, write, 'text-delta')));
  const late = await Promise.all(
    Array.from({ length: 3 }, () => MOMENTS)
      .flat()
      .map(async ({ text, answer, sign }) => ({ text, ...(await begin(server, upstream, answer, sign)) })),
  );
  expect(inTime.length + late.length).toBe(20);

  const askedAt = performance.now();
  server.signal('SIGTERM');
  await server.findLog('ending');
  await expect(once(connect(Number(portOf(server)), '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  for (const { call } of inTime) finish(call);

  for (const { reply } of inTime) {
    expect(await reply.rest()).toMatchObject([
      { type: 'text-delta', text: ' and half.' },
      { type: 'reply-end', stopReason: 'end_turn' },
    ]);
  }
  for (const { reply, seen, text } of late) {
    const rest = await reply.rest();
    expect(rest).toMatchObject([{ type: 'reply-error', error: { code: 'restarting', retryable: true } }]);
    expect(joinDeltas(seen, 'text-delta')).toBe(text);
  }
  expect(await server.exited).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(LIMIT_MS);
  expect(upstream.openCalls).toBe(0);
  expect(upstream.calls).toHaveLength(20);
  expect(server.replyLogs().filter(({ outcome }) => outcome === 'complete')).toHaveLength(inTime.length);
  expect(server.replyLogs().filter(({ errorCode }) => errorCode === 'restarting')).toHaveLength(late.length);
});

test('S-term · a program that asked for the whole gets the code and its status', async ({ startServer, upstream }) => {
  const server = await startServer({ DRAIN_SECONDS: '0' });
  const prompt = promptByHand('whole, in a restart');
  const answer = postPromptForJson(server.url, prompt);
  write(await upstream.nextCall(prompt));
  server.signal('SIGTERM');

  const response = await answer;
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: 'restarting' } });
  expect(await server.exited).toBe(0);
  expect(upstream.openCalls).toBe(0);
});

test('S-term · a connection that was kept asks for nothing new while the process drains', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const first = promptByHand('first on the connection');
  const [answer, refusal] = [first, promptByHand('second')].map((prompt) => plainPost(server.url, prompt, { agent }));
  const call = await upstream.nextCall(first);
  write(call);
  server.signal('SIGTERM');
  await server.findLog('ending');
  finish(call);

  expect(await answer).toMatchObject({ status: 200, body: expect.stringContaining('Half and half.') });
  expect(await refusal).toMatchObject({ status: 503, body: expect.stringContaining('"code":"restarting"') });
  expect(await server.exited).toBe(0);
  expect(upstream.calls).toHaveLength(1);
});

test('S-term · a process that nobody uses ends at once, and that is no failure', async ({ startServer }) => {
  const server = await startServer({ DRAIN_SECONDS: '60' });
  // Before the first request is answered nothing may listen to signals yet.
  await plainPost(server.url, '');
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
});

test('S-term · a second signal does not wait for anything', async ({ startServer, upstream }) => {
  const server = await startServer();
  const { call } = await begin(server, upstream, write, 'text-delta');
  server.signal('SIGTERM');
  await server.findLog('ending');
  server.signal('SIGTERM');
  expect(await server.exited).toBe(143);
  await call.closed;
});

test('S-term · Ctrl+C interrupts the replies at once', async ({ startServer, upstream }) => {
  // A drain that is longer than the test may take.
  const server = await startServer({ DRAIN_SECONDS: '60' });
  const { reply, call } = await begin(server, upstream, write, 'text-delta');
  server.signal('SIGINT');
  expect(await reply.rest()).toMatchObject([{ type: 'reply-error', error: { code: 'restarting' } }]);
  await call.closed;
  expect(await server.exited).toBe(0);
});

test('S-term · in the page the text stays, and Retry reaches the process that follows', async ({
  page,
  pageErrors,
  startServer,
  upstream,
}) => {
  // What is fetched while nobody waits for it may be fetched while no server is there.
  pageErrors.allow(/ERR_CONNECTION_REFUSED.*\/_next\/static\//);
  const settings = { DRAIN_SECONDS: '0' };
  const server = await startServer(settings);
  const chat = await ChatPage.open(page, server.url);
  const prompt = promptByHand('a restart in sight');
  await chat.send(prompt);
  write(await upstream.nextCall(prompt));
  await expect(chat.lastAnswer).toContainText('Half');
  server.signal('SIGTERM');
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  await expect(chat.lastAnswer).toContainText('The answer was interrupted by a restart of the server.');
  await expect(chat.lastAnswer).toContainText('Half');
  await expect(chat.lastAnswer.getByRole('button', { name: 'Continue' })).toBeVisible();

  expect(await server.exited).toBe(0);
  await startServer(settings, { port: portOf(server) });
  await chat.lastAnswer.getByRole('button', { name: 'Retry' }).click();
  const again = await upstream.nextCall(prompt);
  again.send(wholeAnswer('All of it.'));
  again.end();
  await expect(chat.lastAnswer).toHaveAttribute('data-status', 'complete');
  await expect(chat.lastAnswer).toContainText('All of it.');
});

/** A reply whose reader has seen what Claude sent. */
async function begin(server: RivuletServer, upstream: Upstream, answer: (call: UpstreamCall) => void, sign: string) {
  const prompt = promptByHand(sign);
  const opening = openReply(server.url, prompt);
  const call = await upstream.nextCall(prompt);
  answer(call);
  const reply = await opening;
  const seen = [await reply.nextEvent()].filter((event) => event !== undefined);
  while (seen.at(-1)?.type !== sign) seen.push(...[await reply.nextEvent()].filter((event) => event !== undefined));
  return { reply, call, seen };
}

function portOf({ url }: RivuletServer): string {
  return new URL(url).port;
}
