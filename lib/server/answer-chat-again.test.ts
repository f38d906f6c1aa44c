import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newCaller } from './caller.fixture';
import { resumeReply, stopReply } from './known-reply';
import { getLogger } from './log';
import { getReplies } from './replies';
import { FIRST_WORD, post, REST, readerOf, serveUpstream } from './upstream.fixture';

const { nextExchange, countExchanges } = serveUpstream();

const replyId = 'a'.repeat(22);

/** A caller of our routes, and all that it asks about its one reply. */
function aBrowser() {
  const { headers } = newCaller();
  const request = (method: string, more = {}) =>
    new Request(`http://localhost/api/chat/${replyId}`, { method, headers: { ...headers, ...more } });
  return {
    post: (init: RequestInit = {}) => post({ replyId }, { ...init, headers: { ...headers, ...init.headers } }),
    get: (after: number) => resumeReply(request('GET', { 'Last-Event-ID': `${after}` }), replyId),
    stop: () => stopReply(request('DELETE'), replyId),
    stopEarly: () => stopReply(new Request(`${request('DELETE').url}?early`, request('DELETE')), replyId),
  };
}

/** The types of the events in a stream, in their order. */
const typesIn = (stream: string) => [...stream.matchAll(/"type":"(reply-\w+|\w+-delta)"/g)].map(([, type]) => type);

/** Events 1 to 3 of every reply here. */
const WHOLE = ['reply-start', 'text-delta', 'reply-end'];

afterEach(async () => {
  vi.restoreAllMocks();
  await vi.waitFor(() => expect(getReplies().size).toBe(0));
});

describe('a reply that is asked for twice', () => {
  it('by one caller is one reply: Claude is asked once, and both get the same events', async () => {
    const browser = aBrowser();
    const before = countExchanges();
    const asked = nextExchange();
    const answers = [browser.post(), browser.post()];
    const { response } = await asked;
    response.write(FIRST_WORD);
    const streams = answers.map(async (answer) => (await answer).text());
    response.end(REST);
    const [one, other] = await Promise.all(streams);
    expect(typesIn(one ?? '')).toEqual(WHOLE);
    expect(other).toBe(one);
    expect(await (await browser.post()).text()).toBe(one);
    expect(countExchanges()).toBe(before + 1);
  });

  it('by two callers is two replies', async () => {
    const before = countExchanges();
    for (const browser of [aBrowser(), aBrowser()]) {
      const asked = nextExchange();
      const answering = browser.post();
      (await asked).response.end(FIRST_WORD + REST);
      expect(typesIn(await (await answering).text())).toEqual(WHOLE);
    }
    expect(countExchanges()).toBe(before + 2);
  });
});

describe('a reply that failed before anything of it was shown', () => {
  it.each(['text/event-stream', 'application/json'])('can be asked for again under its name (%s)', async (accept) => {
    const browser = aBrowser();
    const ask = async (status: number, body: string) => {
      const asked = nextExchange();
      const answering = browser.post({ headers: { Accept: accept } });
      (await asked).response.writeHead(status).end(body);
      return (await answering).text();
    };
    expect(await ask(400, '{}')).toContain('request_rejected');
    expect(await ask(200, FIRST_WORD + REST)).toContain('Hi');
  });
});

describe('a reply whose reader leaves', () => {
  it('goes on, and whoever comes back gets what is behind the last event that was read', async () => {
    const browser = aBrowser();
    const asked = nextExchange();
    const answering = browser.post();
    const { response } = await asked;
    response.write(FIRST_WORD);
    const { readUntil, cancel } = readerOf(await answering);
    await readUntil('Hi');
    await cancel();
    response.end(REST);
    const resumed = await (await browser.get(2)).text();
    expect(typesIn(resumed)).toEqual(['reply-end']);
    expect(typesIn(await (await browser.get(0)).text())).toEqual(WHOLE);
  });

  it('before anything is answered goes on too', async () => {
    const browser = aBrowser();
    const leaving = new AbortController();
    const asked = nextExchange();
    const answering = browser.post({ signal: leaving.signal });
    const { response } = await asked;
    leaving.abort();
    expect((await answering).status).toBe(499);
    response.end(FIRST_WORD + REST);
    expect(typesIn(await (await browser.get(0)).text())).toEqual(WHOLE);
  });

  it('is ended at once where a browser takes no cookies, and says that it cannot be resumed', async () => {
    const asked = nextExchange();
    const answering = post({ replyId }, { headers: { 'Sec-Fetch-Site': 'same-origin' } });
    const { response } = await asked;
    response.write(FIRST_WORD);
    const { readUntil, cancel } = readerOf(await answering);
    expect(await readUntil('Hi')).toContain('"resumable":false');
    const closed = once(response, 'close');
    await cancel();
    await closed;
  });

  it('is ended at once where nobody knows its name', async () => {
    const leaving = new AbortController();
    const asked = nextExchange();
    const answering = post({}, { headers: { Accept: 'application/json' }, signal: leaving.signal });
    const closed = once((await asked).response, 'close');
    leaving.abort();
    await closed;
    expect((await answering).status).toBe(499);
  });
});

describe('a reply that is stopped', () => {
  it('has closed its connection to Claude when that is said, and tells its reader', async () => {
    const browser = aBrowser();
    const asked = nextExchange();
    const answering = browser.post();
    const { response } = await asked;
    response.write(FIRST_WORD);
    const { readUntil } = readerOf(await answering);
    await readUntil('Hi');
    const closed = once(response, 'close');
    const stopped = await browser.stop();
    expect(stopped.status).toBe(200);
    expect(getReplies().size).toBe(0);
    await closed;
    expect(response.writableFinished).toBe(false);
    expect(typesIn(await readUntil('[DONE]'))).toEqual(['reply-start', 'text-delta', 'reply-stopped']);
  });

  it('before it is asked for is stopped before Claude is asked', async () => {
    const logged = vi.spyOn(getLogger(), 'info').mockImplementation(() => {});
    const browser = aBrowser();
    const before = countExchanges();
    expect((await browser.stop()).status).toBe(404);
    expect((await browser.stopEarly()).status).toBe(204);
    expect(typesIn(await (await browser.post()).text())).toEqual(['reply-start', 'reply-stopped']);
    expect(logged.mock.calls).toMatchObject([[{ outcome: 'stopped', attempts: 0 }, 'reply']]);
    // Another one, so that a question that is only late would have arrived.
    const asked = nextExchange();
    const answering = aBrowser().post();
    (await asked).response.end(FIRST_WORD + REST);
    await (await answering).text();
    expect(countExchanges()).toBe(before + 1);
  });
});
