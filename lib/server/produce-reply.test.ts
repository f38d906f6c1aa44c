import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { isTerminal } from '@/lib/protocol/reply-event';
import {
  type Arrival,
  collect,
  END,
  overloaded,
  playing,
  reply,
  silentAfter,
  text,
  typesOf,
  USAGE,
} from './reply.fixture';

describe('a reply', () => {
  it('tells its start, its deltas and its end, with the times it took', async () => {
    const { events, passMs } = reply(
      playing({
        arrivals: [{ type: 'accepted', upstreamRequestId: 'req_1' }, 'bytes', text('Hel'), text('lo'), END],
      }),
    );
    expect(await collect(events, () => passMs(10))).toEqual([
      { type: 'reply-start', replyId: 'reply-1', model: 'claude-sonnet-5-5', resumable: true, simulated: false },
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'reply-end', stopReason: 'end_turn', usage: USAGE, timing: { firstTokenMs: 10, totalMs: 30 } },
    ]);
  });

  it('asks Claude only when its second event is taken', async () => {
    const ask = vi.fn(playing({ arrivals: [END] }));
    const { events } = reply(ask);
    await events.next();
    expect(ask).not.toHaveBeenCalled();
    await events.next();
    expect(ask).toHaveBeenCalledOnce();
  });

  it('counts thinking as its first token, and has none when only an end came', async () => {
    const thinking = reply(playing({ arrivals: [{ type: 'thinking-delta', text: 'Hm.' }, END] }));
    expect((await collect(thinking.events)).at(-1)).toMatchObject({ timing: { firstTokenMs: 0 } });
    const empty = reply(playing({ arrivals: [END] }));
    expect((await collect(empty.events)).at(-1)).toMatchObject({ timing: { firstTokenMs: null } });
  });
});

describe('a reply of a busy Claude', () => {
  it('tells each wait and then the answer', async () => {
    const { events, waitsMs, lines } = reply(
      playing(
        { arrivals: [], failure: overloaded(2) },
        { arrivals: [], failure: overloaded() },
        { arrivals: [text('Hi'), END] },
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
        { arrivals: [{ type: 'accepted', upstreamRequestId: 'req_1' }, 'bytes'], failure: overloaded() },
        { arrivals: [END] },
      ),
    );
    expect(typesOf(await collect(events))).toEqual(['reply-start', 'reply-waiting', 'reply-end']);
  });

  it('is never asked for again after its first word', async () => {
    const ask = vi.fn(playing({ arrivals: [text('Hi')], failure: overloaded() }));
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
    const { events, waitsMs, lines } = reply(playing({ arrivals: [], failure: overloaded() }));
    expect((await collect(events)).at(-1)).toMatchObject({
      type: 'reply-error',
      error: { code: 'overloaded', retryAfterSeconds: 4 },
    });
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
    const ask = vi.fn(playing({ arrivals: [], failure: overloaded() }));
    const { events, stop, lines } = reply(ask);
    const seen = await collect(events, (event) => event.type === 'reply-waiting' && stop.abort());
    expect(typesOf(seen)).toEqual(['reply-start', 'reply-waiting', 'reply-stopped']);
    expect(ask).toHaveBeenCalledOnce();
    expect(lines).toMatchObject([{ outcome: 'stopped' }]);
  });

  it('for a failure ends with that failure, not with what broke because of it', async () => {
    const { events, stop } = reply(playing({ arrivals: [], failure: overloaded() }));
    const seen = await collect(events, (event) => {
      if (event.type === 'reply-waiting') stop.abort(new ChatError('reply_timeout'));
    });
    expect(seen.at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'reply_timeout' } });
  });

  it('for a restart of the server says so, also in the middle', async () => {
    const { events, stop, lines } = reply(silentAfter(text('Hi')));
    const seen = await collect(events, (event) => {
      if (event.type === 'text-delta') queueMicrotask(() => stop.abort(new ChatError('restarting')));
    });
    expect(seen.at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'restarting', retryable: true } });
    expect(lines).toMatchObject([{ outcome: 'interrupted', errorCode: 'restarting' }]);
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
    const { events, lines } = reply(playing({ arrivals: [text('Hi'), END] }));
    await events.next();
    await events.next();
    await events.return();
    expect(lines).toMatchObject([{ outcome: 'stopped' }]);
  });
});

describe('the end of a reply', () => {
  const happened = fc.constantFrom<Arrival>({ type: 'accepted', upstreamRequestId: 'req_1' }, 'bytes', text('a'), {
    type: 'thinking-delta',
    text: 'b',
  });
  const failure = fc.constantFrom<unknown>(
    overloaded(),
    overloaded(1),
    new ChatError('upstream_cut'),
    new ChatError('request_rejected'),
    new TypeError('a bug'),
    'a thrown text',
  );
  const failing = fc.record({ arrivals: fc.array(happened), failure });
  const ending = fc.record({ arrivals: fc.array(happened).map((arrivals) => [...arrivals, END]) });

  it('is exactly one terminal event, the last one, whatever happens', async () => {
    const tries = fc.array(fc.oneof(failing, ending), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(tries, fc.option(fc.nat(8)), async ([first, ...more], stopAfter) => {
      const { events, stop, lines } = reply(playing(first ?? { arrivals: [END] }, ...more));
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
    const { events, lines } = reply(playing({ arrivals: [text('Hi')] }));
    expect((await collect(events)).at(-1)).toMatchObject({ type: 'reply-error', error: { code: 'upstream_cut' } });
    expect(lines).toMatchObject([{ outcome: 'interrupted' }]);
  });

  it('stays what it was when the connection breaks behind it', async () => {
    const { events, lines } = reply(playing({ arrivals: [text('Hi'), END], failure: new TypeError('terminated') }));
    expect(typesOf(await collect(events))).toEqual(['reply-start', 'text-delta', 'reply-end']);
    expect(lines).toMatchObject([{ outcome: 'complete' }]);
  });

  it('is logged with what was odd about it', async () => {
    const { events, lines } = reply(playing({ arrivals: [text('Hi'), { ...END, anomaly: 'no_message_stop' }] }));
    expect(typesOf(await collect(events))).toEqual(['reply-start', 'text-delta', 'reply-end']);
    expect(lines).toMatchObject([{ outcome: 'complete', anomaly: 'no_message_stop' }]);
  });

  it('leaves nothing in the log of what was asked and answered', async () => {
    const { events, lines } = reply(playing({ arrivals: [text('the secret answer'), END] }));
    await collect(events);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('says “internal” for what nobody expected, and keeps its words here', async () => {
    const { events } = reply(playing({ arrivals: [], failure: new TypeError('the secret cause') }));
    const end = (await collect(events)).at(-1);
    expect(end).toMatchObject({ error: { code: 'internal' } });
    expect(JSON.stringify(end)).not.toContain('secret');
  });
});
