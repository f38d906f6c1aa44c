import { setTimeout as delay } from 'node:timers/promises';
import { ChatPage } from './chat-page';
import { messageStart, textDelta, textStart, wholeAnswer } from './frames';
import { expect, test } from './own-server';
import { FAILED_REQUEST } from './page-errors';
import { openReply, postPrompt } from './reply-client';
import { promptByHand, type Upstream } from './upstream';

const GRACE_MS = 2000;
/** On a busy machine a timer is late, never early. */
const LATE_MS = 1500;

test('B-tab · a reader who leaves for good is waited for, and then Claude is hung up on', async ({
  page,
  context,
  startServer,
  upstream,
}) => {
  const server = await startServer({ REPLY_GRACE_SECONDS: `${GRACE_MS / 1000}` });
  const chat = await ChatPage.open(page, server.url);
  const prompt = promptByHand('for good');
  await chat.send(prompt);
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  await expect(chat.lastAnswer).toContainText('Half');
  const url = page.url();
  await page.close();
  const closedAt = performance.now();
  const waitedMs = (await call.closed) - closedAt;
  expect(waitedMs).toBeGreaterThan(GRACE_MS - 200);
  expect(waitedMs).toBeLessThan(GRACE_MS + LATE_MS);
  await expect.poll(() => server.replyLogs()).toMatchObject([{ outcome: 'abandoned', level: 30 }]);

  const again = await ChatPage.reopen(await context.newPage(), url);
  await expect(again.lastAnswer).toHaveAttribute('data-status', 'interrupted');
  await expect(again.lastAnswer).toContainText('Half');
  await expect(again.lastAnswer).toContainText('The answer was ended because nobody was reading it.');
  await expect(again.lastButtons.filter({ hasText: /Retry|Continue/ })).toHaveText(['Retry', 'Continue']);
  expect(upstream.calls).toHaveLength(1);
});

test('B-tab · a reader who comes back in time is not missed', async ({ startServer, upstream }) => {
  const server = await startServer({ REPLY_GRACE_SECONDS: `${GRACE_MS / 1000}` });
  const { replyId, cookie, call, leave } = await begin(server.url, upstream);
  for (let round = 0; round < 3; round += 1) {
    leave();
    await delay(GRACE_MS / 2);
    const following = new AbortController();
    await follow(server.url, replyId, cookie, following.signal);
    await delay(GRACE_MS / 2);
    following.abort();
  }
  expect(call.isOpen).toBe(true);
  call.end();
});

test('G11 · to another caller a reply does not exist, and it is unharmed', async ({ live, upstream }) => {
  const { reply, replyId, cookie, call } = await begin(live.url, upstream);
  const stranger = (await fetch(live.url)).headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  for (const headers of [{}, { Cookie: stranger.join() }, { Cookie: 'rivulet-caller=forged.signature' }]) {
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(`${live.url}/api/chat/${replyId}`, { method, headers });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'reply_not_found' } });
    }
  }
  expect(call.isOpen).toBe(true);
  call.send(textDelta(' and half.'), wholeAnswer('').slice(wholeAnswer('').indexOf('event: content_block_stop')));
  call.end();
  expect((await reply.rest()).at(-1)).toMatchObject({ type: 'reply-end' });
  const whole = await (await follow(live.url, replyId, cookie)).text();
  expect(whole).toContain(' and half.');
});

test('a question that is asked twice under one name is answered once', async ({ live, upstream }) => {
  const { prompt, reply, replyId, cookie, call } = await begin(live.url, upstream);
  const again = await postPrompt(live.url, prompt, { headers: { Cookie: cookie }, fields: { replyId } });
  call.send(wholeAnswer('').slice(wholeAnswer('').indexOf('event: content_block_stop')));
  call.end();
  const rest = await reply.rest();
  const text = await again.text();
  for (const event of rest) expect(text).toContain(JSON.stringify(event));
  expect(upstream.calls).toHaveLength(1);
});

test('Stop and a closed tab stop the spending at once in a browser that takes no cookies', async ({
  context,
  live,
  upstream,
  pageErrors,
}) => {
  pageErrors.allow(FAILED_REQUEST);
  for (const leave of ['stop', 'close'] as const) {
    const chat = await ChatPage.open(await context.newPage(), live.url);
    await context.clearCookies();
    const prompt = promptByHand(`no cookies, ${leave}`);
    await chat.page.route('**/api/chat', async (route) => {
      const headers = { ...(await route.request().allHeaders()) };
      delete headers.cookie;
      await route.continue({ headers });
    });
    await chat.send(prompt);
    const call = await upstream.nextCall(prompt);
    call.send(messageStart(), textStart(), textDelta('Half'));
    await expect(chat.lastAnswer).toContainText('Half');
    if (leave === 'stop') await chat.stopButton.click();
    else await chat.page.close();
    await call.closed;
    if (leave === 'stop') await expect(chat.lastAnswer).toHaveAttribute('data-status', 'stopped');
  }
});

/** A reply of a program that keeps its cookie, of which the first word has been read. */
async function begin(url: string, upstream: Upstream) {
  const [line = ''] = (await fetch(url)).headers.getSetCookie();
  const cookie = line.split(';')[0] ?? '';
  const prompt = promptByHand('owned');
  const opening = openReply(url, prompt, { headers: { Cookie: cookie } });
  const call = await upstream.nextCall(prompt);
  call.send(messageStart(), textStart(), textDelta('Half'));
  const reply = await opening;
  const start = await reply.nextEvent();
  await reply.nextEvent();
  return { prompt, reply, cookie, call, replyId: String(start?.replyId), leave: () => reply.leave() };
}

function follow(url: string, replyId: string, cookie: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/api/chat/${replyId}`, { headers: { Cookie: cookie }, ...(signal && { signal }) });
}
