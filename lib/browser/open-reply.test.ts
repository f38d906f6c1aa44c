import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { encodeEvent, HEARTBEAT, HEARTBEAT_MS } from '@/lib/protocol/codec';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { collect } from './clock.fixture';
import type { EventBatch } from './event-reader';
import { openReply, type ReplyTarget } from './open-reply';

const REQUEST: ChatRequest = { replyId: 'a'.repeat(22), messages: [{ role: 'user', content: 'Hi' }] };
const STOPPED: ReplyEvent = { type: 'reply-stopped' };
const STREAM = { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } };

type World = {
  readonly fetch: typeof globalThis.fetch;
  readonly isOnline?: () => boolean;
  readonly target?: ReplyTarget;
  /** Where the tab is returned to. */
  readonly returns?: EventTarget;
};

function open(
  { fetch, isOnline = () => true, target = { request: REQUEST }, returns = new EventTarget() }: World,
  signal = new AbortController().signal,
) {
  const onReturn = (callback: () => void) => {
    returns.addEventListener('return', callback);
    return () => returns.removeEventListener('return', callback);
  };
  return openReply(target, { signal, fetch, isOnline, onReturn });
}

async function eventsOf(batches: AsyncIterable<EventBatch>): Promise<ReplyEvent[]> {
  return (await collect(batches)).flatMap(({ events }) => events);
}

const KNOWN: ReplyTarget = { replyId: REQUEST.replyId ?? '', after: 6 };
const answer = (body: BodyInit | null, init?: ResponseInit, target?: ReplyTarget) =>
  open({ fetch: async () => new Response(body, init), ...(target && { target }) });

afterEach(() => {
  vi.useRealTimers();
});

describe('openReply', () => {
  it('asks our own route and gives the events of its stream', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(encodeEvent(1, STOPPED), STREAM));
    expect(await eventsOf(open({ fetch }))).toEqual([STOPPED]);
    const [url, init] = fetch.mock.calls[0] ?? expect.fail('nothing was asked');
    expect(url).toBe('/api/chat');
    expect(init).toMatchObject({
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    });
    expect(JSON.parse(String(init?.body))).toEqual(REQUEST);
  });

  it('asks for a known reply from behind the number of its reader', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(encodeEvent(7, STOPPED), STREAM));
    expect(await eventsOf(open({ fetch, target: KNOWN }))).toEqual([STOPPED]);
    const [url, init] = fetch.mock.calls[0] ?? expect.fail('nothing was asked');
    expect(url).toBe(`/api/chat/${REQUEST.replyId}`);
    expect(init).toMatchObject({ headers: { Accept: 'text/event-stream', 'Last-Event-ID': '6' }, cache: 'no-store' });
    expect([init?.method, init?.body]).toEqual([undefined, undefined]);
  });

  it('gives an empty batch first, when the server has answered', async () => {
    expect(await collect(answer(encodeEvent(1, STOPPED), STREAM))).toEqual([
      { events: [], lastSeq: 0 },
      { events: [STOPPED], lastSeq: 1 },
    ]);
    expect(await collect(answer(encodeEvent(7, STOPPED), STREAM, KNOWN))).toEqual([
      { events: [], lastSeq: 6 },
      { events: [STOPPED], lastSeq: 7 },
    ]);
  });

  it('throws the code of a refusal of a known reply, which says nothing about how that ended', async () => {
    const error = new ChatError('reply_not_found').toWire('request-1');
    const refused = answer(JSON.stringify({ error }), { status: 404 }, KNOWN);
    await expect(collect(refused)).rejects.toMatchObject({ code: 'reply_not_found', cause: error });
  });

  it('gives one reply-error for a refusal of the server', async () => {
    const { retryable: _, ...error } = new ChatError('rate_limited', { retryAfterSeconds: 7 }).toWire('request-1');
    expect(await eventsOf(answer(JSON.stringify({ error }), { status: 429 }))).toEqual([
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
    await expect(eventsOf(answer(body, init))).rejects.toMatchObject({
      name: 'ChatError',
      code: 'unexpected_response',
    });
  });

  it.each(['text/event-stream', 'text/event-stream;', 'TEXT/Event-Stream ;charset=windows-1252'])(
    'reads a stream of type %s',
    async (type) => {
      const headers = { 'Content-Type': type };
      expect(await eventsOf(answer(encodeEvent(1, STOPPED), { headers }))).toEqual([STOPPED]);
    },
  );

  it('throws offline when nobody answers and the browser knows why', async () => {
    const fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(eventsOf(open({ fetch, isOnline: () => false }))).rejects.toMatchObject({ code: 'offline' });
  });

  it('asks a server on the same machine although there is no network', async () => {
    const fetch = async () => new Response(encodeEvent(1, STOPPED), STREAM);
    expect(await eventsOf(open({ fetch, isOnline: () => false }))).toEqual([STOPPED]);
  });

  it('throws server_unreachable when nobody answers although there is a network', async () => {
    const cause = new TypeError('Failed to fetch');
    await expect(eventsOf(open({ fetch: () => Promise.reject(cause) }))).rejects.toMatchObject({
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
    await expect(eventsOf(open({ fetch }, stop.signal))).rejects.toMatchObject({ code: 'connection_lost' });
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
    const end = watch(eventsOf(open({ fetch })));
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS - 1);
    expect(end()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(end()).toMatchObject({ code: 'connection_lost' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not, as long as it sends comments', async () => {
    vi.useFakeTimers();
    const { fetch, write } = serve();
    const end = watch(eventsOf(open({ fetch })));
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
    const end = watch(eventsOf(open({ fetch })));
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS - 1);
    await write(HEARTBEAT);
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS - 1);
    expect(end()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(end()).toMatchObject({ code: 'connection_lost' });
  });

  it('is given one second when its reader comes back to a connection that may have died', async () => {
    vi.useFakeTimers();
    const returns = new EventTarget();
    const end = watch(eventsOf(open({ fetch: serve().fetch, returns })));
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS + 1);
    returns.dispatchEvent(new Event('return'));
    await vi.advanceTimersByTimeAsync(999);
    expect(end()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(end()).toMatchObject({ code: 'connection_lost' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not suspected when it was heard a moment ago, nor when it is heard within that second', async () => {
    vi.useFakeTimers();
    const returns = new EventTarget();
    const { fetch, write } = serve();
    const end = watch(eventsOf(open({ fetch, returns })));
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
    returns.dispatchEvent(new Event('return'));
    await vi.advanceTimersByTimeAsync(1001);
    returns.dispatchEvent(new Event('return'));
    await vi.advanceTimersByTimeAsync(999);
    await write(HEARTBEAT);
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS - 1);
    expect(end()).toBeNull();
  });

  it('is unreachable when it has not answered at all', async () => {
    vi.useFakeTimers();
    const fetch: typeof globalThis.fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const end = watch(eventsOf(open({ fetch })));
    await vi.advanceTimersByTimeAsync(SILENCE_MS + LAST_CHANCE_MS);
    expect(end()).toMatchObject({ code: 'server_unreachable' });
  });
});
