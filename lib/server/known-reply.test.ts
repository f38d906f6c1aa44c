import { beforeAll, describe, expect, it } from 'vitest';
import { encodeEvent } from '@/lib/protocol/codec';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { newCaller } from './caller.fixture';
import { HELLO, produceByHand, START, STOPPED, settle } from './hand-fed.fixture';
import { resumeReply, stopReply } from './known-reply';
import { getReplies } from './replies';
import { giveSettings } from './settings.fixture';

beforeAll(() => giveSettings());

const EVENTS: readonly ReplyEvent[] = [START, HELLO, { type: 'text-delta', text: '世界 🌊' }, STOPPED];
let count = 0;

/** A reply of a new caller, with these events so far. */
function aReply(...events: readonly ReplyEvent[]) {
  count += 1;
  const replyId = `reply-${count}`.padEnd(22, '-');
  const { id, headers } = newCaller();
  const hand = produceByHand();
  getReplies().start({ callerId: id, replyId }, id, hand.produce);
  hand.say(...events);
  const find = () => getReplies().find({ callerId: id, replyId });
  return { ...hand, replyId, headers, find };
}

type Asked = { readonly headers?: Record<string, string>; readonly query?: string };

const request = (replyId: string, { headers = {}, query = '' }: Asked) =>
  new Request(`http://localhost/api/chat/${replyId}${query}`, { headers });
const get = (replyId: string, asked: Asked = {}) => resumeReply(request(replyId, asked), replyId);
const remove = (replyId: string, asked: Asked = {}) => stopReply(request(replyId, asked), replyId);

const errorOf = async (response: Response) => [response.status, ((await response.json()) as ErrorBody).error.code];
type ErrorBody = { readonly error: { readonly code: string } };

const streamBehind = (after: number) =>
  [': rivulet\n\n', ...EVENTS.map((event, at) => encodeEvent(at + 1, event)).slice(after), 'data: [DONE]\n\n'].join('');

describe('a reply that is asked for again', () => {
  it.each([0, 1, 2, 3, 4])('goes on behind event %i, whichever way that is said', async (after) => {
    const { replyId, headers } = aReply(...EVENTS);
    const response = await get(replyId, { headers: { ...headers, 'Last-Event-ID': `${after}` } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toBe(streamBehind(after));
    const byQuery = await get(replyId, { headers, query: `?after=${after}` });
    expect(await byQuery.text()).toBe(streamBehind(after));
  });

  it('begins at its beginning where no number is given', async () => {
    const { replyId, headers } = aReply(...EVENTS);
    expect(await (await get(replyId, { headers })).text()).toBe(streamBehind(0));
  });

  it('goes by the header where the query says something else: a browser that comes back by itself repeats its address', async () => {
    const { replyId, headers } = aReply(...EVENTS);
    const response = await get(replyId, { headers: { ...headers, 'Last-Event-ID': '3' }, query: '?after=1' });
    expect(await response.text()).toBe(streamBehind(3));
  });

  it('is followed while it grows', async () => {
    const { replyId, headers, say } = aReply(...EVENTS.slice(0, 2));
    const text = (await get(replyId, { headers: { ...headers, 'Last-Event-ID': '2' } })).text();
    await settle();
    say(...EVENTS.slice(2));
    expect(await text).toBe(streamBehind(2));
  });

  it.each(['', ' ', '-1', '1.5', '+1', '0x1', '1e3', '1234567890', 'NaN', '٣', '5'])(
    'is refused behind “%s”, which is no number of its events',
    async (after) => {
      const { replyId, headers, find } = aReply(...EVENTS);
      const byQuery = await get(replyId, { headers, query: `?after=${encodeURIComponent(after)}` });
      expect(await errorOf(byQuery)).toEqual([400, 'invalid_request']);
      expect(find()?.log.lastSeq).toBe(4);
    },
  );

  it.each(['x', '5', '-1'])('is refused behind the Last-Event-ID “%s” too', async (after) => {
    const { replyId, headers } = aReply(...EVENTS);
    const response = await get(replyId, { headers: { ...headers, 'Last-Event-ID': after } });
    expect(await errorOf(response)).toEqual([400, 'invalid_request']);
  });
});

describe('a reply that is stopped', () => {
  it('is over when that is said, and stays so however often it is said', async () => {
    const { replyId, headers, ends, say, finish } = aReply(START);
    const stopping = remove(replyId, { headers });
    await settle();
    expect(ends).toEqual(['stopped']);
    say(STOPPED);
    await finish();
    const stopped = await stopping;
    expect(stopped.status).toBe(200);
    expect(stopped.headers.get('cache-control')).toBe('no-store');
    expect(await stopped.json()).toEqual({ stopped: true });
    expect((await remove(replyId, { headers })).status).toBe(200);
    expect(await (await get(replyId, { headers })).text()).toContain('reply-stopped');
  });
});

describe('a reply of somebody else', () => {
  it.each([
    ['reads', get],
    ['stops', remove],
  ])('does not exist for one who %s it, and is not harmed', async (_what, ask) => {
    const { replyId, headers, ends, say, finish } = aReply(START);
    const [id, signature] = headers.Cookie.split('.');
    const strangers = [{}, newCaller().headers, { Cookie: `${id}.x${signature}` }, { Cookie: `${id}` }];
    for (const stranger of strangers) {
      expect(await errorOf(await ask(replyId, { headers: stranger }))).toEqual([404, 'reply_not_found']);
    }
    expect(ends).toEqual([]);
    say(HELLO, STOPPED);
    await finish();
    expect(await (await get(replyId, { headers })).text()).toContain('Hello');
  });
});

describe('a name that no reply can have', () => {
  it.each(['', 'short', 'x'.repeat(129), `${'x'.repeat(22)}/..`, `${'x'.repeat(22)} `])(
    'is refused, and not remembered: “%s”',
    async (replyId) => {
      const { id, headers } = newCaller();
      const ask = new Request('http://localhost/api/chat/x', { headers });
      expect(await errorOf(await resumeReply(ask, replyId))).toEqual([400, 'invalid_request']);
      expect(await errorOf(await stopReply(ask, replyId))).toEqual([400, 'invalid_request']);
      const { produce, ends } = produceByHand();
      getReplies().start({ callerId: id, replyId }, id, produce);
      expect(ends).toEqual([]);
    },
  );
});
