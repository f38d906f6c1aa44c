import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { encodeDone, encodeEvent, HEARTBEAT } from '@/lib/protocol/codec';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { collect } from './clock.fixture';
import { type FollowNews, type FollowOptions, followReply } from './follow-reply';
import { type OpenReply, openReply } from './open-reply';

const REPLY_ID = 'a'.repeat(22);
const REQUEST: ChatRequest = { replyId: REPLY_ID, messages: [{ role: 'user', content: 'Hi' }] };
const UNHEARD = { replyId: REPLY_ID, request: REQUEST, lastSeq: 0, isResumable: null, isLost: false };
const HEARD = { ...UNHEARD, request: null, lastSeq: 1, isResumable: true };
const START: ReplyEvent = { type: 'reply-start', replyId: REPLY_ID, model: 'm', resumable: true, simulated: false };
const STOPPED: ReplyEvent = { type: 'reply-stopped' };
const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });
const WHOLE = [START, text('One '), text('two'), STOPPED];

const eventsIn = (news: readonly FollowNews[]) => news.flatMap((one) => (one.type === 'events' ? one.events : []));
const signsIn = (news: readonly FollowNews[]) => news.map(({ type }) => type).filter((type) => type !== 'events');

/** What a connection does: it fails, is refused, or carries the events from a number on, up to some number of bytes. */
type Line = { readonly is: 'rejected' } | { readonly is: 'cut'; readonly atByte: number; readonly overlap: number };

/** A server that begins a reply by its name, and reads it on from a number. Each connection takes the next line. */
function serve(events: readonly ReplyEvent[], lines: readonly Line[]) {
  const world = { begun: 0, open: 0, asked: [] as string[] };
  const waiting = [...lines];
  const names = new Set<string>();
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const line = waiting.shift() ?? { is: 'cut', atByte: Number.POSITIVE_INFINITY, overlap: 0 };
    world.asked.push(`${init?.method ?? 'GET'} ${url}`);
    if (line.is === 'rejected') throw new TypeError('Failed to fetch');
    const headers = new Headers(init?.headers);
    if (init?.method === 'POST') {
      const { replyId } = JSON.parse(String(init.body));
      if (!names.has(replyId)) world.begun += 1;
      names.add(replyId);
    }
    const after = Math.max(0, Number(headers.get('Last-Event-ID') ?? 0) - line.overlap);
    const frames = events.map((event, index) => encodeEvent(index + 1, event)).slice(after);
    const bytes = new TextEncoder().encode([HEARTBEAT, ...frames, encodeDone()].join(''));
    const isCut = line.atByte < bytes.length;
    world.open += 1;
    init?.signal?.addEventListener('abort', () => {
      world.open -= 1;
    });
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const end = Math.min(at + 40, isCut ? line.atByte : bytes.length);
        if (end > at) controller.enqueue(bytes.subarray(at, end));
        else if (isCut) controller.error(new TypeError('network error'));
        else controller.close();
        at = end;
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  };
  const open: OpenReply = (target, { signal }) =>
    openReply(target, { signal, fetch, isOnline: () => true, schedule: () => () => {}, onReturn: () => () => {} });
  return { world, open };
}

/** A following that waits for nothing, and what it waited for. */
function follow(
  open: OpenReply,
  reply: Parameters<typeof followReply>[0] = UNHEARD,
  options: Partial<FollowOptions> = {},
) {
  const waits: number[] = [];
  const news: FollowNews[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
    return false;
  };
  const { signal } = new AbortController();
  const all = { signal, openReply: open, wait, isOnline: () => true, random: () => 1, ...options };
  const run = async () => {
    for await (const one of followReply(reply, all)) news.push(one);
  };
  return { waits, news, run };
}

/** Connections that end so, one after another; the last one again and again. */
function lines(...ends: readonly (ErrorCode | 'answered' | readonly ReplyEvent[])[]) {
  const targets: unknown[] = [];
  const open: OpenReply = async function* (target) {
    const end = ends[Math.min(targets.length, ends.length - 1)] ?? 'answered';
    targets.push('request' in target ? 'begin' : target.after);
    const after = target.after ?? 0;
    if (Array.isArray(end)) {
      yield { events: [], lastSeq: after };
      yield { events: end, lastSeq: after + end.length };
    } else if (end === 'answered') yield { events: [], lastSeq: after };
    else throw new ChatError(end as ErrorCode);
  };
  return { open, targets };
}

describe('following a reply', () => {
  it('gives each event once and in order, whatever becomes of the connections, and begins one reply', async () => {
    const line = fc.oneof(
      { weight: 1, arbitrary: fc.constant<Line>({ is: 'rejected' }) },
      { weight: 4, arbitrary: fc.record({ is: fc.constant('cut' as const), atByte: fc.nat(900), overlap: fc.nat(5) }) },
    );
    const delta = fc.record({
      type: fc.constantFrom('text-delta' as const, 'thinking-delta' as const),
      text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('🦜', 'é\n', '\u2028', '\r\n\r\n')),
    });
    const property = fc.asyncProperty(
      fc.array(delta, { maxLength: 12 }),
      fc.array(line, { maxLength: 10 }),
      async (deltas, cuts) => {
        const events = [START, ...deltas, STOPPED];
        // With more in a row before the first word, it is given up on purpose.
        let unheard = 0;
        const bearable = cuts.filter((cut) => (cut.is === 'cut' && cut.atByte > 250 ? true : ++unheard <= 3));
        const { world, open } = serve(events, bearable);
        const { news, run } = follow(open);
        await run();
        expect(eventsIn(news)).toEqual(events);
        expect([world.begun, world.open]).toEqual([1, 0]);
        const signs = signsIn(news);
        expect(signs).toEqual(signs.map((_, at) => (at % 2 === 0 ? 'connection-lost' : 'connection-restored')));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });

  it('asks by the name until something was heard, and then from behind the last event', async () => {
    const { world, open } = serve(WHOLE, [
      { is: 'rejected' },
      { is: 'cut', atByte: 5, overlap: 0 },
      { is: 'cut', atByte: 250, overlap: 0 },
    ]);
    await follow(open).run();
    expect(world.asked).toEqual([...Array(3).fill('POST /api/chat'), `GET /api/chat/${REPLY_ID}`]);
  });

  it('goes on from where its reader was, and asks no more what is not to be asked again', async () => {
    const known = lines(WHOLE.slice(1));
    await follow(known.open, HEARD).run();
    const stale = lines(WHOLE);
    await follow(stale.open, { ...UNHEARD, request: null }).run();
    expect([known.targets, stale.targets]).toEqual([[1], [0]]);
  });

  it('tells once that the connection is lost, and once that it is back: when the server has answered', async () => {
    const { open } = lines([START], 'server_unreachable', 'connection_lost', 'answered', 'server_unreachable', [
      STOPPED,
    ]);
    const { news, run } = follow(open);
    await run();
    const [LOST, BACK] = ['connection-lost', 'connection-restored'];
    expect(news.map(({ type }) => type)).toEqual(['events', LOST, BACK, LOST, BACK, 'events']);
  });

  it('tells a reader who knows that the connection is lost only that it is back', async () => {
    const { news, run } = follow(lines('connection_lost', [STOPPED]).open, { ...HEARD, isLost: true });
    await run();
    expect(signsIn(news)).toEqual(['connection-restored']);
  });
});

describe('a reply that cannot be had', () => {
  const rejection = (code: ErrorCode) => ({ name: 'ChatError', code });

  it('is given up after twelve failures in a row, between which it waits longer and longer', async () => {
    const { open, targets } = lines('server_unreachable');
    const { waits, run } = follow(open, HEARD);
    await expect(run()).rejects.toMatchObject(rejection('connection_lost'));
    expect(targets).toHaveLength(12);
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, ...Array(6).fill(8000)]);
  });

  it('is waited for half as long by chance, so that not all readers come back at once', async () => {
    const { waits, run } = follow(lines('server_unreachable').open, HEARD, { random: () => 0 });
    await expect(run()).rejects.toMatchObject(rejection('connection_lost'));
    expect(waits.slice(0, 3)).toEqual([125, 250, 500]);
  });

  it('begins to count anew with every event', async () => {
    const failures = Array<ErrorCode>(11).fill('connection_lost');
    const { open, targets } = lines(...failures, [text('One')], ...failures.slice(1), [STOPPED]);
    await follow(open, HEARD).run();
    expect(targets).toHaveLength(23);
  });

  it('is waited for like any other where the server has answered, but not said a word', async () => {
    const { open, targets } = lines([], ...Array<ErrorCode>(6).fill('offline'), [STOPPED]);
    await follow(open).run();
    expect(targets).toEqual(Array(8).fill('begin'));
  });

  it('is asked for four times where nothing was heard of it, and then fails as it failed', async () => {
    const { open, targets } = lines('server_unreachable');
    await expect(follow(open).run()).rejects.toMatchObject(rejection('server_unreachable'));
    expect(targets).toEqual(Array(4).fill('begin'));
  });

  it.each(['offline', 'unexpected_response', 'internal', 'restarting', 'rate_limited'] as const)(
    'is not asked for again where nothing was heard of it: %s',
    async (code) => {
      const { open, targets } = lines(code);
      await expect(follow(open).run()).rejects.toMatchObject(rejection(code));
      expect(targets).toHaveLength(1);
    },
  );

  it.each(['offline', 'unexpected_response', 'internal', 'restarting'] as const)(
    'is asked for again where something was heard of it: %s',
    async (code) => {
      const { open, targets } = lines(code, [STOPPED]);
      await follow(open, HEARD).run();
      expect(targets).toEqual([1, 1]);
    },
  );

  it.each(['reply_not_found', 'invalid_request'] as const)('is what the server says: %s', async (code) => {
    const { open, targets } = lines([text('One')], code);
    const { news, run } = follow(open, HEARD);
    await expect(run()).rejects.toMatchObject(rejection(code));
    expect([targets, eventsIn(news)]).toEqual([[1, 2], [text('One')]]);
  });

  it('is lost with its first connection where it cannot be resumed', async () => {
    const { open, targets } = lines([{ ...START, resumable: false }], [STOPPED]);
    const { news, run } = follow(open);
    await expect(run()).rejects.toMatchObject(rejection('connection_lost'));
    expect([targets.length, signsIn(news)]).toEqual([1, []]);
    const known = lines('server_unreachable');
    await expect(follow(known.open, { ...HEARD, isResumable: false }).run()).rejects.toMatchObject({
      code: 'connection_lost',
    });
    expect(known.targets).toHaveLength(1);
  });

  it('is waited for without a network, and looking at the tab meanwhile counts for nothing', async () => {
    const isOnline = vi.fn(() => false);
    const looks = Array(40).fill(true);
    const waits: number[] = [];
    const wait = async (ms: number) => {
      waits.push(ms);
      if (looks.length === 0) isOnline.mockReturnValue(true);
      return looks.pop() ?? true;
    };
    const { open, targets } = lines(...Array<ErrorCode>(41).fill('offline'), [STOPPED]);
    const { news, run } = follow(open, HEARD, { isOnline, wait });
    await run();
    expect([targets.length, new Set(waits), eventsIn(news)]).toEqual([42, new Set([60_000]), [STOPPED]]);
  });
});

describe('a following that is called off', () => {
  /** Every await of the world is a moment at which it can be called off; the count of those that there are is returned. */
  async function callOffAt(moment: number) {
    const abort = new AbortController();
    let moments = 0;
    const pass = () => {
      if (moments++ === moment) abort.abort();
      abort.signal.throwIfAborted();
    };
    let isOpen = false;
    let opened = 0;
    const open: OpenReply = async function* ({ after = 0 }) {
      isOpen = true;
      opened += 1;
      try {
        pass();
        yield { events: [], lastSeq: after };
        pass();
        if (opened === 2) throw new ChatError('connection_lost');
        yield { events: [opened === 1 ? START : STOPPED], lastSeq: after + 1 };
        pass();
      } finally {
        isOpen = false;
      }
    };
    const wait = async () => {
      if (moments++ === moment) abort.abort();
      return false;
    };
    const options = { signal: abort.signal, openReply: open, wait, isOnline: () => true, random: () => 0 };
    const news = await collect(followReply(UNHEARD, options));
    return { news, isOpen, isOff: abort.signal.aborted, opened };
  }

  it('ends quietly at every moment, and leaves nothing open', async () => {
    for (let moment = 0; moment < 9; moment += 1) {
      const { isOpen, isOff } = await callOffAt(moment);
      expect([moment, isOff, isOpen]).toEqual([moment, true, false]);
    }
    const { news, isOpen, isOff, opened } = await callOffAt(99);
    expect([isOpen, isOff, opened]).toEqual([false, false, 3]);
    expect(eventsIn(news)).toEqual([START, STOPPED]);
  });

  it('leaves nothing open when its reader stops reading', async () => {
    const { world, open } = serve(WHOLE, []);
    const { signal } = new AbortController();
    for await (const _ of followReply(UNHEARD, { signal, openReply: open, isOnline: () => true })) break;
    expect(world.open).toBe(0);
  });
});
