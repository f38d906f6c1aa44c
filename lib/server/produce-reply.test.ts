import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import { isTerminal, type ReplyEvent } from '@/lib/protocol/reply-event';
import type { AskClaude, ClaudeEvent } from './claude';
import { streamEvents } from './event-stream';
import type { ReplyLogLine } from './log';
import { modelOf } from './models';
import { produceReply } from './produce-reply';

const USAGE = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
const END: ClaudeEvent = { type: 'end', stopReason: 'end_turn', usage: USAGE };
const text = (words: string): ClaudeEvent => ({ type: 'text-delta', text: words });
const ORDER = {
  replyId: 'reply-1',
  requestId: 'request-1',
  receivedAt: 0,
  simulated: false,
  call: {
    model: modelOf('claude-sonnet-5-5'),
    system: [],
    messages: [{ role: 'user' as const, content: 'the secret question' }],
    thinking: undefined,
    effort: undefined,
    maxTokens: 1000,
  },
};

/** One try: what arrives, and what then goes wrong, if anything. */
type Try = { readonly events: readonly ClaudeEvent[]; readonly failure?: unknown };

/** A Claude that plays one try after another, the last one for ever. */
function playing(...tries: readonly [Try, ...Try[]]): AskClaude {
  let count = 0;
  return async function* () {
    const { events, failure } = tries[Math.min(count, tries.length - 1)] ?? tries[0];
    count += 1;
    yield* events;
    if (failure !== undefined) throw failure;
  };
}

/** A Claude that goes silent after these events, until the signal aborts. */
function silentAfter(...events: readonly ClaudeEvent[]): AskClaude {
  return async function* (_call, signal) {
    yield* events;
    signal.throwIfAborted();
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
}

/** A reply in a world whose clock moves only while somebody waits for Claude. */
function reply(ask: AskClaude, duringWait = async () => {}) {
  const stop = new AbortController();
  let clockMs = 0;
  const lines: ReplyLogLine[] = [];
  const waitsMs: number[] = [];
  const events = produceReply(ORDER, stop, {
    ask,
    limits: { firstByteMs: 60_000, stallMs: 30_000, replyMs: 900_000 },
    log: (line) => lines.push(line),
    now: () => clockMs,
    sleep: async (ms, signal) => {
      waitsMs.push(ms);
      clockMs += ms;
      await duringWait();
      // As the timers of Node do it: the reason of the signal is not what they reject with.
      if (signal.aborted) throw new DOMException('The operation was aborted', 'AbortError');
    },
    random: () => 0,
  });
  return { events, stop, lines, waitsMs, passMs: (ms: number) => (clockMs += ms) };
}

async function collect(events: AsyncIterable<ReplyEvent>, onEvent = (_event: ReplyEvent) => {}): Promise<ReplyEvent[]> {
  const all: ReplyEvent[] = [];
  for await (const event of events) {
    all.push(event);
    onEvent(event);
  }
  return all;
}

const typesOf = (events: readonly ReplyEvent[]) => events.map((event) => event.type);
const overloaded = (retryAfterSeconds?: number) => new ChatError('overloaded', { retryAfterSeconds });

afterEach(() => {
  vi.useRealTimers();
});

describe('a reply', () => {
  it('tells its start, its deltas and its end, with the times it took', async () => {
    const { events, passMs } = reply(
      playing({
        events: [{ type: 'accepted', upstreamRequestId: 'req_1' }, { type: 'alive' }, text('Hel'), text('lo'), END],
      }),
    );
    expect(await collect(events, () => passMs(10))).toEqual([
      { type: 'reply-start', replyId: 'reply-1', model: 'claude-sonnet-5-5', resumable: false, simulated: false },
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'reply-end', stopReason: 'end_turn', usage: USAGE, timing: { firstTokenMs: 10, totalMs: 30 } },
    ]);
  });

  it('asks Claude only when its second event is taken', async () => {
    const ask = vi.fn(playing({ events: [END] }));
    const { events } = reply(ask);
    await events.next();
    expect(ask).not.toHaveBeenCalled();
    await events.next();
    expect(ask).toHaveBeenCalledOnce();
  });

  it('counts thinking as its first token, and has none when only an end came', async () => {
    const thinking = reply(playing({ events: [{ type: 'thinking-delta', text: 'Hm.' }, END] }));
    expect((await collect(thinking.events)).at(-1)).toMatchObject({ timing: { firstTokenMs: 0 } });
    const empty = reply(playing({ events: [END] }));
    expect((await collect(empty.events)).at(-1)).toMatchObject({ timing: { firstTokenMs: null } });
  });
});

describe('a reply of a busy Claude', () => {
  it('tells each wait and then the answer', async () => {
    const { events, waitsMs, lines } = reply(
      playing(
        { events: [], failure: overloaded(2) },
        { events: [], failure: overloaded() },
        { events: [text('Hi'), END] },
      ),
    );
    expect(await collect(events)).toMatchObject([
      { type: 'reply-start' },
      { type: 'reply-waiting', reason: 'overloaded', retryInMs: 2000 },
      { type: 'reply-waiting', reason: 'overloaded', retryInMs: 1000 },
      { type: 'text-delta', text: 'Hi' },
      { type: 'reply-end', timing: { firstTokenMs: 3000, totalMs: 3000 } },
    ]);
    expect(waitsMs).toEqual([2000, 1000]);
    expect(lines).toMatchObject([{ outcome: 'complete', attempts: 3 }]);
  });

  it('is asked for again after headers and pings alone, for nothing of them was seen', async () => {
    const { events } = reply(
      playing(
        { events: [{ type: 'accepted', upstreamRequestId: 'req_1' }, { type: 'alive' }], failure: overloaded() },
        { events: [END] },
      ),
    );
    expect(typesOf(await collect(events))).toEqual(['reply-start', 'reply-waiting', 'reply-end']);
  });

  it('is never asked for again after its first word', async () => {
    const ask = vi.fn(playing({ events: [text('Hi')], failure: overloaded() }));
    const { events, lines } = reply(ask);
    expect(await collect(events)).toMatchObject([
      { type: 'reply-start' },
      { type: 'text-delta' },
      { type: 'reply-error', error: { code: 'overloaded', retryable: true, requestId: 'request-1' } },
    ]);
    expect(ask).toHaveBeenCalledOnce();
    expect(lines).toMatchObject([{ outcome: 'interrupted', errorCode: 'overloaded' }]);
  });

  it('fails when the budget of waiting is spent', async () => {
    const { events, waitsMs, lines } = reply(playing({ events: [], failure: overloaded() }));
    expect((await collect(events)).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'overloaded' } });
    expect(waitsMs).toEqual([500, 1000, 2000, 4000, 4000, 4000, 4000]);
    expect(lines).toMatchObject([{ outcome: 'failed', attempts: 8 }]);
  });
});

describe('a reply that is stopped', () => {
  it('before anything came ends as stopped', async () => {
    const { events, stop, lines } = reply(silentAfter());
    await events.next();
    const rest = collect(events);
    stop.abort();
    expect(typesOf(await rest)).toEqual(['reply-stopped']);
    expect(lines).toMatchObject([{ outcome: 'stopped', firstTokenMs: null }]);
  });

  it('during a wait ends as stopped, and Claude is not asked again', async () => {
    const ask = vi.fn(playing({ events: [], failure: overloaded() }));
    const { events, stop, lines } = reply(ask);
    const seen = await collect(events, (event) => event.type === 'reply-waiting' && stop.abort());
    expect(typesOf(seen)).toEqual(['reply-start', 'reply-waiting', 'reply-stopped']);
    expect(ask).toHaveBeenCalledOnce();
    expect(lines).toMatchObject([{ outcome: 'stopped' }]);
  });

  it('for a failure ends with that failure, not with what broke because of it', async () => {
    const { events, stop } = reply(playing({ events: [], failure: overloaded() }));
    const seen = await collect(events, (event) => {
      if (event.type === 'reply-waiting') stop.abort(new ChatError('reply_timeout'));
    });
    expect(seen.at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'reply_timeout' } });
  });

  it('in the middle ends as stopped', async () => {
    const { events, stop, lines } = reply(silentAfter(text('Hi')));
    const seen = await collect(events, (event) => {
      if (event.type === 'text-delta') queueMicrotask(() => stop.abort());
    });
    expect(typesOf(seen)).toEqual(['reply-start', 'text-delta', 'reply-stopped']);
    expect(lines).toMatchObject([{ outcome: 'stopped', firstTokenMs: 0 }]);
  });

  it('tells the tokens that Claude had counted by then', async () => {
    const { events, stop, lines } = reply(silentAfter({ type: 'usage', usage: USAGE }, text('Hi')));
    const seen = await collect(events, (event) => {
      if (event.type === 'text-delta') queueMicrotask(() => stop.abort());
    });
    expect(seen.at(-1)).toEqual({ type: 'reply-stopped', usage: USAGE });
    expect(lines).toMatchObject([USAGE]);
  });

  it('leaves one log line also when its reader left', async () => {
    const { events, lines } = reply(playing({ events: [text('Hi'), END] }));
    await events.next();
    await events.next();
    await events.return();
    expect(lines).toMatchObject([{ outcome: 'stopped' }]);
  });
});

describe('a reply whose wait is too long', () => {
  const alive: ClaudeEvent = { type: 'alive' };

  it.each<[ErrorCode, AskClaude, number]>([
    ['first_byte_timeout', silentAfter(), 60_000],
    ['stalled', silentAfter(alive), 30_000],
    ['stalled', silentAfter(text('Hi')), 30_000],
  ])('ends with %s and not sooner', async (code, ask, limitMs) => {
    vi.useFakeTimers();
    const { events, lines } = reply(ask);
    const reading = collect(events);
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(lines).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect((await reading).at(-1)).toMatchObject({ type: 'reply-error', error: { code } });
    expect(lines).toMatchObject([{ errorCode: code }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for the first byte, not for the next one, when there are only headers', async () => {
    vi.useFakeTimers();
    const { events } = reply(silentAfter({ type: 'accepted', upstreamRequestId: undefined }));
    const reading = collect(events);
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await reading).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'first_byte_timeout' } });
  });

  it('ends with reply_timeout although Claude gives signs of life', async () => {
    vi.useFakeTimers();
    const { events } = reply(async function* (_call, signal) {
      while (!signal.aborted) {
        yield alive;
        await new Promise((resolve) => setTimeout(resolve, 10_000));
      }
      signal.throwIfAborted();
    });
    const reading = collect(events);
    await vi.advanceTimersByTimeAsync(910_000);
    expect((await reading).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'reply_timeout' } });
  });

  it('is not one that waits to ask again', async () => {
    vi.useFakeTimers();
    const busyOnce = playing({ events: [], failure: overloaded() }, { events: [END] });
    const { events } = reply(busyOnce, async () => {
      await vi.advanceTimersByTimeAsync(600_000);
    });
    expect(typesOf(await collect(events))).toEqual(['reply-start', 'reply-waiting', 'reply-end']);
  });

  it('is not one whose reader is slow', async () => {
    vi.useFakeTimers();
    const { events, stop } = reply(playing({ events: [text('Hi'), END] }));
    await events.next();
    await events.next();
    await vi.advanceTimersByTimeAsync(800_000);
    expect(stop.signal.aborted).toBe(false);
    expect(await events.next()).toMatchObject({ value: { type: 'reply-end' } });
  });
});

describe('a reply whose reader has stopped reading', () => {
  it('is over and logged when a limit strikes, whatever breaks on the way', async () => {
    vi.useFakeTimers();
    const { events, stop, lines } = reply(async function* () {
      try {
        while (!stop.signal.aborted) yield text('Hi');
      } finally {
        // As the body of a connection that was closed does when it is left.
        if (stop.signal.aborted) await Promise.reject(new TypeError('terminated'));
      }
    });
    const reader = streamEvents(events, stop).getReader();
    for (let read = 0; read < 4; read += 1) await reader.read();
    // The next event is taken and waits to be read; from here on nobody does.
    await vi.advanceTimersByTimeAsync(0);
    stop.abort(new ChatError('reply_timeout'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines).toMatchObject([{ outcome: 'interrupted', errorCode: 'reply_timeout' }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the end of a reply', () => {
  const happened = fc.constantFrom<ClaudeEvent>(
    { type: 'accepted', upstreamRequestId: 'req_1' },
    { type: 'alive' },
    text('a'),
    { type: 'thinking-delta', text: 'b' },
  );
  const failure = fc.constantFrom<unknown>(
    overloaded(),
    overloaded(1),
    new ChatError('upstream_cut'),
    new ChatError('request_rejected'),
    new TypeError('a bug'),
    'a thrown text',
  );
  const failing = fc.record({ events: fc.array(happened), failure });
  const ending = fc.record({ events: fc.array(happened).map((events) => [...events, END]) });

  it('is exactly one terminal event, the last one, whatever happens', async () => {
    const tries = fc.array(fc.oneof(failing, ending), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(tries, fc.option(fc.nat(8)), async ([first, ...more], stopAfter) => {
      const { events, stop, lines } = reply(playing(first ?? { events: [END] }, ...more));
      let count = 0;
      const seen = await collect(events, () => count++ === stopAfter && stop.abort());
      expect(seen.findIndex(isTerminal)).toBe(seen.length - 1);
      expect(seen[0]).toMatchObject({ type: 'reply-start' });
      const firstWord = seen.findIndex((event) => event.type.endsWith('-delta'));
      expect(firstWord === -1 || !typesOf(seen.slice(firstWord)).includes('reply-waiting')).toBe(true);
      expect(lines).toHaveLength(1);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('is upstream_cut when Claude ended without saying so', async () => {
    const { events, lines } = reply(playing({ events: [text('Hi')] }));
    expect((await collect(events)).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'upstream_cut' } });
    expect(lines).toMatchObject([{ outcome: 'interrupted' }]);
  });

  it('stays what it was when the connection breaks behind it', async () => {
    const { events, lines } = reply(playing({ events: [text('Hi'), END], failure: new TypeError('terminated') }));
    expect(typesOf(await collect(events))).toEqual(['reply-start', 'text-delta', 'reply-end']);
    expect(lines).toMatchObject([{ outcome: 'complete' }]);
  });

  it('leaves nothing in the log of what was asked and answered', async () => {
    const { events, lines } = reply(playing({ events: [text('the secret answer'), END] }));
    await collect(events);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('says “internal” for what nobody expected, and keeps its words here', async () => {
    const { events } = reply(playing({ events: [], failure: new TypeError('the secret cause') }));
    const end = (await collect(events)).at(-1);
    expect(end).toMatchObject({ error: { code: 'internal' } });
    expect(JSON.stringify(end)).not.toContain('secret');
  });
});
