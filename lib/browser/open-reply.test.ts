import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { encodeEvent, HEARTBEAT } from '@/lib/protocol/codec';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { openReply } from './open-reply';

const REQUEST: ChatRequest = { replyId: 'a'.repeat(22), messages: [{ role: 'user', content: 'Hi' }] };
const STOPPED: ReplyEvent = { type: 'reply-stopped' };
const STREAM = { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } };

type World = { readonly fetch: typeof globalThis.fetch; readonly isOnline?: () => boolean };

function open({ fetch, isOnline = () => true }: World, signal = new AbortController().signal) {
  return openReply(REQUEST, { signal, fetch, isOnline });
}

async function collect(batches: AsyncIterable<readonly ReplyEvent[]>): Promise<ReplyEvent[]> {
  const all: ReplyEvent[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

const answer = (body: BodyInit | null, init?: ResponseInit) => open({ fetch: async () => new Response(body, init) });

describe('openReply', () => {
  it('asks our own route and gives the events of its stream', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(encodeEvent(1, STOPPED), STREAM));
    expect(await collect(open({ fetch }))).toEqual([STOPPED]);
    const [url, init] = fetch.mock.calls[0] ?? expect.fail('nothing was asked');
    expect(url).toBe('/api/chat');
    expect(init).toMatchObject({
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    });
    expect(JSON.parse(String(init?.body))).toEqual(REQUEST);
  });

  it('gives one reply-error for a refusal of the server', async () => {
    const { retryable: _, ...error } = new ChatError('rate_limited', { retryAfterSeconds: 7 }).toWire('request-1');
    expect(await collect(answer(JSON.stringify({ error }), { status: 429 }))).toEqual([
      { type: 'reply-error', error: { ...error, retryable: true } },
    ]);
  });

  it.each([
    ['a web page with a failure', '<h1>Bad gateway</h1>', { status: 502 }],
    ['a failure without a body', null, { status: 500 }],
    ['a failure of another kind', '{"error":"nope"}', { status: 403 }],
    ['a failure with a code of tomorrow', '{"error":{"code":"x","message":"","requestId":""}}', { status: 400 }],
    ['a web page in the place of a stream', '<html></html>', { headers: { 'Content-Type': 'text/html' } }],
    ['JSON in the place of a stream', '{}', { headers: { 'Content-Type': 'application/json' } }],
    ['no content type', new Uint8Array(), {}],
    ['a type that only begins like one', '', { headers: { 'Content-Type': 'text/event-stream-x' } }],
    ['no body', null, STREAM],
  ])('throws unexpected_response for %s', async (_what, body, init) => {
    await expect(collect(answer(body, init))).rejects.toMatchObject({ name: 'ChatError', code: 'unexpected_response' });
  });

  it.each(['text/event-stream', 'text/event-stream;', 'TEXT/Event-Stream ;charset=windows-1252'])(
    'reads a stream of type %s',
    async (type) => {
      const headers = { 'Content-Type': type };
      expect(await collect(answer(encodeEvent(1, STOPPED), { headers }))).toEqual([STOPPED]);
    },
  );

  it('throws offline when nobody answers and the browser knows why', async () => {
    const fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(collect(open({ fetch, isOnline: () => false }))).rejects.toMatchObject({ code: 'offline' });
  });

  it('asks a server on the same machine although there is no network', async () => {
    const fetch = async () => new Response(encodeEvent(1, STOPPED), STREAM);
    expect(await collect(open({ fetch, isOnline: () => false }))).toEqual([STOPPED]);
  });

  it('throws connection_lost when the server shows no sign of life, and counts comments as one', async () => {
    vi.useFakeTimers();
    const stream = new TransformStream<Uint8Array, Uint8Array>();
    const writer = stream.writable.getWriter();
    const silentAfterAWhile: typeof globalThis.fetch = async (_input, init) => {
      init?.signal?.addEventListener('abort', () => writer.abort(init.signal?.reason));
      return new Response(stream.readable, STREAM);
    };
    const reading = collect(open({ fetch: silentAfterAWhile })).catch((error: unknown) => error);
    for (let seconds = 0; seconds < 60; seconds += 20) {
      await writer.write(new TextEncoder().encode(HEARTBEAT));
      await vi.advanceTimersByTimeAsync(20_000);
    }
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await reading).toMatchObject({ code: 'connection_lost' });
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('throws connection_lost when nobody answers', async () => {
    const cause = new TypeError('Failed to fetch');
    await expect(collect(open({ fetch: () => Promise.reject(cause) }))).rejects.toMatchObject({
      code: 'connection_lost',
      cause,
    });
  });

  it('closes the connection when the signal aborts', async () => {
    const stop = new AbortController();
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason)),
      });
      queueMicrotask(() => stop.abort());
      return new Response(body, STREAM);
    };
    await expect(collect(open({ fetch }, stop.signal))).rejects.toMatchObject({ code: 'connection_lost' });
  });
});
