import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, HELLO, JSON_TYPE, test } from './abuse';
import { messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { hasClosed, openRaw, rawRequest, readRaw } from './raw-http';
import { takeTurn } from './reply-client';
import { promptByHand } from './upstream';

/** A third of it is for the head. */
const LIMIT_SECONDS = '3';
/** Less than either limit: whoever still sends when the server hangs up may not read its last word. */
const DRIPS = 8;

const BODY = JSON.stringify({ messages: [HELLO] });

/** Sends one byte after the other, none of which wins any time. */
async function drip(socket: Socket, bytes: Uint8Array): Promise<void> {
  for (const byte of bytes.subarray(0, DRIPS)) {
    socket.write(Uint8Array.of(byte));
    await delay(100);
  }
}

test('A067 · five hundred heads that come byte by byte are cut off, and others are served meanwhile', async ({
  startServer,
}) => {
  const server = await startServer({ CONNECTION_TIMEOUT_SECONDS: LIMIT_SECONDS });
  const sockets = Array.from({ length: 500 }, () => openRaw(server.url));
  const head = rawRequest(`GET /${'a'.repeat(1000)}`);
  const answers = sockets.map(readRaw);
  const dripping = sockets.map((socket) => drip(socket, head));
  await takeTurn(server.url);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(500).fill(408));
  await Promise.all(dripping);
  await takeTurn(server.url);
});

test('A067 · a connection that says nothing is let go, as one that has said all stays', async ({ startServer }) => {
  const server = await startServer({ CONNECTION_TIMEOUT_SECONDS: LIMIT_SECONDS });
  const [silent, idle] = [openRaw(server.url), openRaw(server.url)];
  idle.write('GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  idle.resume();
  await hasClosed(silent);
  expect(idle.closed).toBe(false);
  const answering = readRaw(idle);
  idle.write(rawRequest('GET /api/health'));
  expect((await answering).status).toBe(200);
});

for (const [id, what, sent] of [
  ['A018', 'is shorter than it says', BODY.slice(0, 2)],
  ['A068', 'comes byte by byte', BODY],
] as const) {
  test(`${id} · a body that ${what} is cut off`, async ({ startServer, upstream }) => {
    const server = await startServer({ CONNECTION_TIMEOUT_SECONDS: LIMIT_SECONDS });
    const socket = openRaw(server.url);
    const answering = readRaw(socket);
    socket.write(rawRequest('POST /api/chat', { headers: [JSON_TYPE, 'Content-Length: 2000'] }));
    const dripping = drip(socket, Buffer.from(sent));
    expect((await answering).status).toBe(408);
    await dripping;
    await takeTurn(server.url);
    expect(upstream.calls).toEqual([]);
  });
}

/** More waits for these than the system holds for a connection; for the others what they asked for is on its way. */
const STALLED = 8;
const PASSED = 192;
const DELTA_CHARS = 20_000;
const [MANY, FEW] = [300, 5];

test('A069 · of two hundred readers who take nothing those whom more waits for are let go, and Claude with them', async ({
  startServer,
  upstream,
}) => {
  const settings = { CONNECTION_TIMEOUT_SECONDS: '9', REPLY_GRACE_SECONDS: '0', STALL_TIMEOUT_SECONDS: '600' };
  const server = await startServer(settings, { withProbe: true });
  const before = (await server.readProbe()).heapBytes;
  const beginUnread = async (deltas: number) => {
    const prompt = promptByHand('nobody reads');
    const body = JSON.stringify({ messages: [{ role: 'user', content: prompt }] });
    const socket = openRaw(server.url);
    socket.pause();
    socket.write(rawRequest('POST /api/chat', { headers: [JSON_TYPE], body }));
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), ...Array(deltas).fill(textDelta('x'.repeat(DELTA_CHARS))));
    return { socket, call };
  };
  const passed: Awaited<ReturnType<typeof beginUnread>>[] = [];
  // Some at a time: while the server reads the heads of many, those of the others grow old.
  while (passed.length < PASSED)
    passed.push(...(await Promise.all(Array.from({ length: 16 }, () => beginUnread(FEW)))));
  const stalled = await Promise.all(Array.from({ length: STALLED }, () => beginUnread(MANY)));
  // Claude never ends: that these calls are closed is the doing of the server.
  await Promise.all(stalled.map(({ call }) => call.closed));
  await expect.poll(() => server.replyLogs().map(({ outcome }) => outcome)).toEqual(Array(STALLED).fill('abandoned'));
  expect(upstream.openCalls).toBe(PASSED);
  // Of the others each has a connection, and so has its call to Claude.
  await expect.poll(async () => (await server.readProbe()).resources.TCPSocketWrap).toBe(2 * PASSED);
  const kept = PASSED * FEW * DELTA_CHARS + STALLED * MANY * DELTA_CHARS;
  expect((await server.readProbe()).heapBytes - before).toBeLessThan(3 * kept);

  for (const { socket } of [...passed, ...stalled]) socket.destroy();
  await Promise.all(passed.map(({ call }) => call.closed));
});

test('A057 · of requests that come together on one connection each waits for the one before it', async ({
  ask,
  live,
  upstream,
}) => {
  const prompts = ['first', 'second'].map(promptByHand);
  const questions = prompts.map((prompt) => JSON.stringify({ messages: [{ role: 'user', content: prompt }] }));
  const requests = questions.map((body) => {
    const headers = ['Host: 127.0.0.1', JSON_TYPE, 'Accept: application/json', `Content-Length: ${body.length}`];
    return `POST /api/chat HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
  });
  const answering = ask(`${requests.join('')}${rawRequest('GET /api/health')}`);
  for (const [at, prompt] of prompts.entries()) {
    const call = await upstream.nextCall(prompt);
    await takeTurn(live.url);
    expect(upstream.calls).toHaveLength(at + 1);
    call.send(wholeAnswer(`Answer ${at}.`));
    call.end();
  }
  expect((await answering).body).toMatch(/Answer 0\..*HTTP\/1\.1 200 OK.*Answer 1\..*"status":"ok"/s);
});

test('A057 · a connection that asks for thousands before the first answer is closed', async ({ ask }) => {
  const request = 'GET /api/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  const { body } = await ask(request.repeat(5000));
  expect(body.match(/HTTP\/1\.1 404/g)?.length ?? 0).toBeLessThan(1000);
  const some = await ask(`${request.repeat(500)}${rawRequest('GET /api/health')}`);
  expect(some.body.match(/HTTP\/1\.1 404/g)).toHaveLength(499);
  expect(some.body).toContain('"status":"ok"');
});

const VISITORS = 1000;
const AT_ONCE = 20;
const WHOLE = rawRequest('POST /api/chat', { headers: [JSON_TYPE], body: BODY });

test('A070 · a thousand who vanish at any moment leave nothing behind', async ({ startServer, upstream }) => {
  const server = await startServer({ REPLY_GRACE_SECONDS: '0' }, { withProbe: true });
  const visit = async (number: number) => {
    const socket = openRaw(server.url);
    // Anything from nothing at all to a whole request, and from no pause to one in which the answer has begun.
    socket.write(WHOLE.subarray(0, number % 4 === 0 ? WHOLE.length : (number * 37) % WHOLE.length));
    await delay(number % 30);
    if (number % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
    await hasClosed(socket);
  };
  for (let first = 0; first < VISITORS; first += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => visit(first + at)));
  }
  await expect.poll(() => upstream.openCalls).toBe(0);
  // Those that are kept in reserve go with it.
  upstream.forget();
  const openSockets = async () => (await server.readProbe()).resources.TCPSocketWrap ?? 0;
  await expect.poll(openSockets, { timeout: 15_000 }).toBe(0);
  const { rejections, warnings } = await server.readProbe();
  expect([rejections, warnings]).toEqual([[], []]);
});
