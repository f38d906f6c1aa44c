import { expect, JSON_TYPE, test } from './abuse';
import { messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { rawRequest } from './raw-http';
import { openReply, postPrompt } from './reply-client';
import { promptByHand, type Upstream } from './upstream';

const END = wholeAnswer('').slice(wholeAnswer('').indexOf('event: content_block_stop'));
const NAME = 'named-before-its-time-0001';

/** A reply of a program that keeps its cookie, of which the first word has been read. */
async function begin(url: string, upstream: Upstream, about: string) {
  const prompt = promptByHand(about);
  const opening = openReply(url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta(`The words of ${about}`));
  const reply = await opening;
  const start = await reply.nextEvent();
  await reply.nextEvent();
  const cookie = reply.response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const path = `${url}/api/chat/${start?.replyId}`;
  const end = async () => {
    call.send(END);
    call.end();
    await reply.rest();
  };
  const ask = (init: RequestInit = {}, query = '') =>
    fetch(path + query, { ...init, headers: { Cookie: cookie, ...(init.headers as Record<string, string>) } });
  return { reply, call, cookie, path: new URL(path).pathname, end, ask };
}

/** Far below what a hundred forgotten answers would hold, if each left the 256 KB that packing one takes. */
const TOLERANCE_BYTES = 12_000_000;

test('A060 · a hundred replies that are stopped leave nothing behind', async ({ startServer, upstream }) => {
  const server = await startServer({ REPLY_TTL_SECONDS: '0' }, { withProbe: true });
  const beginAndStop = async () => {
    const { call, ask, reply } = await begin(server.url, upstream, 'stop');
    expect((await ask({ method: 'DELETE' })).status).toBe(200);
    await call.closed;
    expect(await reply.rest()).toMatchObject([{ type: 'reply-stopped' }]);
  };
  const rounds = async (count: number) => {
    for (let done = 0; done < count; done += 10) await Promise.all(Array.from({ length: 10 }, beginAndStop));
  };
  await rounds(20);
  const before = await server.readProbe();
  await rounds(100);
  const after = await server.readProbe();
  expect(server.replyLogs().filter(({ outcome }) => outcome === 'stopped')).toHaveLength(120);
  expect(upstream.openCalls).toBe(0);
  expect([after.rejections, after.warnings]).toEqual([[], []]);
  // A few more than before are those of connections that are kept.
  expect(after.resources.Timeout ?? 0).toBeLessThan((before.resources.Timeout ?? 0) + 50);
  expect(after.heapBytes - before.heapBytes).toBeLessThan(TOLERANCE_BYTES);
});

test('A064 · a number that no event of this reply has is refused', async ({ ask, live, upstream }) => {
  const other = await begin(live.url, upstream, 'the other');
  const own = await begin(live.url, upstream, 'its own');
  await Promise.all([other.end(), own.end()]);
  const numbers = ['-1', '1000000000', '5', 'abc', '1e1', '0x1', ' ', '1,2', '9'.repeat(10_000), 'NaN'];
  for (const number of numbers) {
    const headers = [`Cookie: ${own.cookie}`, `Last-Event-ID: ${number}`];
    const answer = await ask(rawRequest(`GET ${own.path}`, { headers }));
    expect([number, answer.status]).toEqual([number, 400]);
    expect(answer.body).not.toContain('The words of');
  }
  const split = await ask(
    rawRequest(`GET ${own.path}`, { headers: [`Cookie: ${own.cookie}`, 'Last-Event-ID: 1\rX: 2'] }),
  );
  expect(split.status).toBe(400);
  const query = encodeURIComponent('1\r\nX: 2');
  expect((await own.ask({}, `?after=${query}`)).status).toBe(400);
  const whole = await (await own.ask({ headers: { 'Last-Event-ID': '0' } })).text();
  expect(whole).toContain('The words of its own');
  expect(whole).not.toContain('the other');
});

test('A065 · a reply that is over is read whole, by two at once the same, until it is forgotten', async ({
  startServer,
  upstream,
}) => {
  const server = await startServer({ REPLY_TTL_SECONDS: '1' });
  const { ask, end } = await begin(server.url, upstream, 'again');
  const early = ask();
  await end();
  const late = [ask(), ask()];
  const texts = await Promise.all([early, ...late].map(async (response) => (await response).text()));
  expect(texts[0]).toContain('The words of again');
  expect(texts[0]).toMatch(/data: \[DONE\]\n\n$/);
  expect(new Set(texts).size).toBe(1);
  await expect.poll(async () => (await ask()).status).toBe(404);
});

test('A065 · of a hundred readers of one reply the newest are served, and the others let go', async ({
  live,
  upstream,
}) => {
  const { ask, call, reply } = await begin(live.url, upstream, 'a crowd');
  // Behind all of them the first one has lost its place too.
  reply.leave();
  const readers: Promise<string>[] = [];
  for (let count = 0; count < 100; count += 1) {
    const response = await ask();
    expect(response.status).toBe(200);
    readers.push(response.text().catch(() => 'let go'));
  }
  call.send(END);
  call.end();
  const read = await Promise.all(readers);
  expect(read.map((text) => text.endsWith('data: [DONE]\n\n'))).toEqual([
    ...Array(84).fill(false),
    ...Array(16).fill(true),
  ]);
  expect(new Set(read.slice(84)).size).toBe(1);
});

test('A066 · Stop can be said ten times, and stops once', async ({ live, upstream }) => {
  const { ask, call, reply } = await begin(live.url, upstream, 'one stop');
  const stops = await Promise.all(Array.from({ length: 10 }, () => ask({ method: 'DELETE' })));
  expect(stops.map(({ status }) => status)).toEqual(Array(10).fill(200));
  await call.closed;
  expect(await reply.rest()).toMatchObject([{ type: 'reply-stopped' }]);
  expect((await ask({ method: 'DELETE' })).status).toBe(200);
  expect(upstream.calls).toHaveLength(1);
});

test('A066 · Stop of a whole reply changes nothing, and of an unknown one says so', async ({ ask, live, upstream }) => {
  const whole = await begin(live.url, upstream, 'an end');
  await whole.end();
  expect((await whole.ask({ method: 'DELETE' })).status).toBe(200);
  expect(await (await whole.ask()).text()).toContain('reply-end');
  expect((await ask(rawRequest(`DELETE /api/chat/${NAME}`, { headers: [`Cookie: ${whole.cookie}`] }))).status).toBe(
    404,
  );
});

test('A066 · a reply that is stopped before it comes is not begun', async ({ ask, live, upstream }) => {
  const [line = ''] = (await fetch(live.url)).headers.getSetCookie();
  const cookie = line.split(';')[0] ?? '';
  const early = await ask(rawRequest(`DELETE /api/chat/${NAME}?early`, { headers: [`Cookie: ${cookie}`] }));
  expect(early.status).toBe(204);
  const headers = { Cookie: cookie, 'Content-Type': JSON_TYPE.split(': ')[1] ?? '' };
  const reply = await postPrompt(live.url, promptByHand('too late'), { headers, fields: { replyId: NAME } });
  expect(await reply.text()).toContain('reply-stopped');
  expect(upstream.calls).toEqual([]);
});
