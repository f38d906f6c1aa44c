import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { encodeEvent, HEARTBEAT, HEARTBEAT_MS } from '@/lib/protocol/codec';
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

afterEach(() => {
  vi.useRealTimers();
});

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

  it('throws server_unreachable when nobody answers although there is a network', async () => {
    const cause = new TypeError('Failed to fetch');
    await expect(collect(open({ fetch: () => Promise.reject(cause) }))).rejects.toMatchObject({
      code: 'server_unreachable',
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

describe('a server that is silent', () => {
  const SILENCE_MS = 3 * HEARTBEAT_MS;
  const LAST_CHANCE_MS = 5000;

  /** A fetch that answers only to its signal: by breaking what it has given, as that of a browser does. */
  function serve() {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const fetch: typeof globalThis.fetch = async (_input, init) => {
      init?.signal?.addEventListener('abort', () => void writer.abort(init.signal?.reason));
      return new Response(readable, STREAM);
    };
    return { fetch, write: (text: string) => writer.write(new TextEncoder().encode(text)) };
  }

  /** What a reading ended with; null while it goes on. */
  function watch(reading: Promise<unknown>) {
    let end: unknown = null;
    reading.then(
      (events) => {
        end = events;
      },
      (error: unknown) => {
        end = error;
      },
    );
    return () => end;
  }

  it('is given up after three heartbeats that are missing and a last chance, and not sooner', async () => {
    vi.useFakeTimers();
    const { fetch } = serve();
    const end = watch(collect(open({ fetch })));
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS - 1);
    expect(end()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(end()).toMatchObject({ code: 'connection_lost' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not, as long as it sends comments', async () => {
    vi.useFakeTimers();
    const { fetch, write } = serve();
    const end = watch(collect(open({ fetch })));
    for (let beat = 0; beat < 10; beat += 1) {
      await write(HEARTBEAT);
      await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
    }
    expect(end()).toBeNull();
    await write(encodeEvent(1, STOPPED));
    await vi.advanceTimersByTimeAsync(0);
    expect(end()).toEqual([STOPPED]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is heard in its last chance, which a page that slept needs to read what had arrived', async () => {
    vi.useFakeTimers();
    const { fetch, write } = serve();
    const end = watch(collect(open({ fetch })));
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS - 1);
    await write(HEARTBEAT);
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS - 1);
    expect(end()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(end()).toMatchObject({ code: 'connection_lost' });
  });

  it('is unreachable when it has not answered at all', async () => {
    vi.useFakeTimers();
    const fetch: typeof globalThis.fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const end = watch(collect(open({ fetch })));
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS);
    expect(end()).toMatchObject({ code: 'server_unreachable' });
  });
});
