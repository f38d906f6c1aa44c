import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import type { ErrorCode } from '@/lib/protocol/chat-error';
import { newCaller } from './caller.fixture';
import { getLogger } from './log';
import { getReplies } from './replies';
import { FIRST_WORD, post, REST, readerOf, serveUpstream } from './upstream.fixture';

const { nextExchange } = serveUpstream();

const errorBody = (type: string) =>
  JSON.stringify({ type: 'error', error: { type, message: 'the words of the body' } });

type Refusal = { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };

/** What we answer when Claude says this at once. */
async function answerTo(
  { status, body, headers = {} }: Refusal,
  init?: RequestInit,
  fields?: object,
): Promise<Response> {
  const asked = nextExchange();
  const answering = post(fields, init);
  const { response } = await asked;
  response.writeHead(status, headers).end(body);
  return await answering;
}

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  // Whatever became of a reply, its place is free soon after its last word.
  await vi.waitFor(() => expect(getReplies().size).toBe(0));
});

describe('a reply that fails at once', () => {
  // However slow this machine is, what comes at once comes before any limit.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });

  const JSON_TYPE = { 'content-type': 'application/json' };
  const refusal = (status: number, type: string, headers: Record<string, string> = {}): Refusal => ({
    status,
    body: errorBody(type),
    headers: { ...JSON_TYPE, ...headers },
  });
  const stream = (body: string): Refusal => ({ status: 200, body, headers: { 'content-type': 'text/event-stream' } });

  it.each<[string, Refusal, number, ErrorCode]>([
    ['U-400', refusal(400, 'invalid_request_error'), 400, 'request_rejected'],
    ['U-401', refusal(401, 'authentication_error'), 503, 'service_misconfigured'],
    ['U-404', refusal(404, 'not_found_error'), 400, 'model_unavailable'],
    ['U-413', refusal(413, 'request_too_large'), 413, 'request_too_large'],
    ['U-err0', stream(`event: error\ndata: ${errorBody('invalid_request_error')}\n\n`), 400, 'request_rejected'],
    ['U-html', stream('<!doctype html>'), 502, 'upstream_unreadable'],
    ['U-eof-start', stream(encodeFrame('message_start', { message: {} })), 502, 'upstream_cut'],
  ])('is answered with its status and one JSON error (%s)', async (_row, refused, status, code) => {
    const response = await answerTo(refused);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBeNull();
    const requestId = response.headers.get('x-request-id');
    expect(await response.json()).toEqual({ error: { code, message: expect.stringMatching(/\.$/), requestId } });
  });

  it('says in the headers and in the body when to come back, where that is too far off to wait (U-429l)', async () => {
    const response = await answerTo(refusal(429, 'rate_limit_error', { 'retry-after': '3600' }));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3600');
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limited', retryAfterSeconds: 3600 } });
  });

  it('has the same status where only JSON is accepted', async () => {
    const headers = { Accept: 'application/json' };
    const response = await answerTo(refusal(529, 'overloaded_error', { 'retry-after': '60' }), { headers });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('60');
    expect(await response.json()).toMatchObject({ error: { code: 'overloaded', retryAfterSeconds: 60 } });
  });

  it('can be tried again under the same name', async () => {
    const { headers } = newCaller();
    const fields = { replyId: 'a'.repeat(22) };
    const busy = refusal(529, 'overloaded_error', { 'retry-after': '60' });
    expect((await answerTo(busy, { headers }, fields)).status).toBe(503);
    const answered = await answerTo(stream(FIRST_WORD + REST), { headers }, fields);
    expect(await answered.text()).toContain('"reply-end"');
  });

  it('is logged, and as an error where only the operator can help', async () => {
    const logged = vi.spyOn(getLogger(), 'error').mockImplementation(() => {});
    const response = await answerTo(refusal(401, 'authentication_error', { 'request-id': 'req_1' }));
    const requestId = response.headers.get('x-request-id');
    const line = { requestId, outcome: 'failed', errorCode: 'service_misconfigured', upstreamRequestId: 'req_1' };
    expect(logged.mock.calls).toMatchObject([[line, 'reply']]);
  });
});

describe('a reply that does not fail at once', () => {
  it('is streamed, and fails there', async () => {
    const asked = nextExchange();
    const answered = await post();
    expect(answered.status).toBe(200);
    const { response } = await asked;
    response.writeHead(400, { 'content-type': 'application/json' }).end(errorBody('invalid_request_error'));
    await readerOf(answered).readUntil('"code":"request_rejected"');
  });

  it('is streamed as soon as it waits to ask again (U-429s)', async () => {
    const answered = await answerTo({
      status: 429,
      body: errorBody('rate_limit_error'),
      headers: { 'retry-after': '0' },
    });
    expect(answered.status).toBe(200);
    const askedAgain = nextExchange();
    const { readUntil } = readerOf(answered);
    await readUntil('"reply-waiting"');
    const reading = readUntil('[DONE]');
    (await askedAgain).response.end(FIRST_WORD + REST);
    await reading;
  });
});
