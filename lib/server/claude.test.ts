import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import { type ClaudeCall, type ClaudeEvent, connectClaude } from './claude';
import { modelOf } from './models';

const ACCESS = { apiKey: 'test-key', authToken: undefined, baseUrl: undefined };
const CALL: ClaudeCall = {
  model: modelOf('claude-sonnet-5-5'),
  system: [],
  messages: [{ role: 'user', content: 'Hi' }],
  thinking: undefined,
  effort: undefined,
  maxTokens: 1000,
};

const start = encodeFrame('message_start', { message: { content: [], stop_reason: null, usage: { input_tokens: 3 } } });
const blockStart = (index: number, block: object) =>
  encodeFrame('content_block_start', { index, content_block: block });
const delta = (index: number, fields: object) => encodeFrame('content_block_delta', { index, delta: fields });
const textDelta = (index: number, text: string) => delta(index, { type: 'text_delta', text });
const thinkingDelta = (index: number, thinking: string) => delta(index, { type: 'thinking_delta', thinking });
const messageDelta = (stopReason: string | null, usage: object = { output_tokens: 7 }) =>
  encodeFrame('message_delta', { delta: { stop_reason: stopReason }, usage });
const stop = encodeFrame('message_stop');

type Ending = 'closes' | 'stays open' | Error;

/** A body with these frames. One that stays open breaks when the signal aborts, as that of a real fetch does. */
function bodyOf(frames: readonly string[], ending: Ending, signal?: AbortSignal | null, cancel = () => {}) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener('abort', () => controller.error(signal.reason));
      for (const frame of frames) controller.enqueue(new TextEncoder().encode(frame));
      if (ending === 'closes') controller.close();
    },
    pull(controller) {
      if (ending instanceof Error) controller.error(ending);
    },
    cancel,
  });
}

function respond(frames: readonly string[], ending: Ending = 'closes', cancel?: () => void): typeof fetch {
  return async (_input, init) =>
    new Response(bodyOf(frames, ending, init?.signal, cancel), { headers: { 'request-id': 'req_1' } });
}

function ask(fetch: typeof globalThis.fetch, signal = new AbortController().signal) {
  return connectClaude(ACCESS, fetch)(CALL, signal);
}

async function collect(events: AsyncIterable<ClaudeEvent>): Promise<ClaudeEvent[]> {
  const all: ClaudeEvent[] = [];
  for await (const event of events) if (event.type !== 'alive' && event.type !== 'usage') all.push(event);
  return all;
}

/** The events of an answer between `accepted` and `end`. */
const shownOf = async (frames: readonly string[]) =>
  (await collect(ask(respond([start, ...frames, messageDelta('end_turn'), stop])))).slice(1, -1);

const endOf = async (frames: readonly string[]) => (await collect(ask(respond(frames)))).at(-1);

afterEach(() => {
  vi.useRealTimers();
});

describe('an answer of Claude', () => {
  it('begins with its request id and ends with its stop reason', async () => {
    const frames = [start, blockStart(0, { type: 'text', text: '' }), textDelta(0, 'Hello'), messageDelta('end_turn')];
    expect(await collect(ask(respond([...frames, stop])))).toEqual([
      { type: 'accepted', upstreamRequestId: 'req_1' },
      { type: 'text-delta', text: 'Hello' },
      {
        type: 'end',
        stopReason: 'end_turn',
        usage: { inputTokens: 3, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 },
      },
    ]);
  });

  it('gives a sign of life for a ping', async () => {
    const events: ClaudeEvent[] = [];
    for await (const event of ask(respond([encodeFrame('ping'), messageDelta('end_turn')]))) events.push(event);
    expect(events.map((event) => event.type)).toEqual(['accepted', 'alive', 'usage', 'end']);
  });

  it('keeps thinking apart from text by the index of its block, in arrival order', async () => {
    const shown = await shownOf([
      blockStart(0, { type: 'thinking', thinking: '' }),
      blockStart(1, { type: 'text', text: '' }),
      thinkingDelta(0, 'Hm. '),
      textDelta(1, 'Well, '),
      thinkingDelta(0, 'Yes.'),
      textDelta(1, 'yes.'),
    ]);
    expect(shown).toEqual([
      { type: 'thinking-delta', text: 'Hm. ' },
      { type: 'text-delta', text: 'Well, ' },
      { type: 'thinking-delta', text: 'Yes.' },
      { type: 'text-delta', text: 'yes.' },
    ]);
  });

  it('ignores blocks, deltas and events of kinds that it does not know', async () => {
    const shown = await shownOf([
      blockStart(0, { type: 'server_tool_use', name: 'search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"text":"no"}' }),
      textDelta(0, 'text inside of a tool block'),
      blockStart(1, { type: 'redacted_thinking', data: 'x' }),
      thinkingDelta(1, 'thinking inside of a redacted block'),
      encodeFrame('new_kind', { text: 'no' }),
      blockStart(2, { type: 'text', text: '' }),
      delta(2, { type: 'citations_delta', citation: { cited_text: 'no' } }),
      textDelta(2, 'Found.'),
    ]);
    expect(shown).toEqual([{ type: 'text-delta', text: 'Found.' }]);
  });

  it('shows deltas of a block that was never opened', async () => {
    expect(await shownOf([thinkingDelta(0, 'Hm.'), textDelta(1, 'Yes.')])).toEqual([
      { type: 'thinking-delta', text: 'Hm.' },
      { type: 'text-delta', text: 'Yes.' },
    ]);
  });

  it('shows what a block begins with and leaves empty deltas out', async () => {
    const shown = await shownOf([
      blockStart(0, { type: 'thinking', thinking: 'Hm.' }),
      thinkingDelta(0, ''),
      blockStart(1, { type: 'text', text: 'Yes' }),
      textDelta(1, ''),
    ]);
    expect(shown).toEqual([
      { type: 'thinking-delta', text: 'Hm.' },
      { type: 'text-delta', text: 'Yes' },
    ]);
  });

  it('overwrites usage, which is cumulative, and keeps what a later event leaves out', async () => {
    const began = { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 5, cache_creation_input_tokens: 2 };
    const end = await endOf([
      encodeFrame('message_start', { message: { content: [], usage: began } }),
      messageDelta(null, { output_tokens: 4, input_tokens: null }),
      messageDelta('end_turn', { output_tokens: 9, output_tokens_details: { thinking_tokens: 6 } }),
      stop,
    ]);
    expect(end).toMatchObject({
      usage: { inputTokens: 10, outputTokens: 9, cacheReadTokens: 5, cacheWriteTokens: 2, thinkingTokens: 6 },
    });
  });

  it('passes on a stop reason that it does not know', async () => {
    expect(await endOf([start, messageDelta('out_of_ink'), stop])).toMatchObject({ stopReason: 'out_of_ink' });
  });
});

describe('the end of an answer', () => {
  it('is an end when the connection closes after the stop reason, without message_stop', async () => {
    expect(await endOf([start, textDelta(0, 'Hi'), messageDelta('end_turn')])).toMatchObject({ type: 'end' });
  });

  it.each([
    ['the connection closes in the middle', [start, textDelta(0, 'Hi')], 'upstream_cut'],
    ['message_stop comes without a stop reason', [start, textDelta(0, 'Hi'), stop], 'upstream_cut'],
    ['the body is empty', [], 'upstream_unreadable'],
    ['the body is a web page', ['<!doctype html>\n<p>Welcome</p>\n\n'], 'upstream_unreadable'],
    ['an event is no JSON', [start, 'event: message_delta\ndata: {oops\n\n'], 'upstream_unreadable'],
    ['an event has no type', [start, 'event: message_delta\ndata: {}\n\n'], 'upstream_unreadable'],
    ['an event lacks its fields', [start, encodeFrame('content_block_delta')], 'upstream_unreadable'],
  ])('is a failure when %s', async (_when, frames, code) => {
    await expect(collect(ask(respond(frames)))).rejects.toMatchObject({ name: 'ChatError', code });
  });

  it('is upstream_cut when the socket breaks, after what had arrived', async () => {
    const events = ask(respond([start, textDelta(0, 'Hi')], new TypeError('terminated')));
    const seen: ClaudeEvent[] = [];
    const reading = (async () => {
      for await (const event of events) seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'upstream_cut' });
    expect(seen).toContainEqual({ type: 'text-delta', text: 'Hi' });
  });

  it('is an end when the socket breaks behind the stop reason', async () => {
    const events = await collect(
      ask(respond([start, textDelta(0, 'Hi'), messageDelta('end_turn')], new TypeError('x'))),
    );
    expect(events.at(-1)).toMatchObject({ type: 'end', stopReason: 'end_turn' });
  });

  it('is told at message_stop although the body stays open, and the body is given up soon after', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const events = ask(respond([start, messageDelta('end_turn'), stop, textDelta(0, 'late')], 'stays open'));
    const seen: ClaudeEvent[] = [];
    while (seen.at(-1)?.type !== 'end') seen.push((await events.next()).value ?? expect.fail('ended without an end'));
    const rest = events.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await rest).toEqual({ done: true, value: undefined });
  });

  it('leaves a connection that closes by itself to be used again', async () => {
    const cancel = vi.fn();
    await collect(ask(respond([start, messageDelta('end_turn'), stop], 'closes', cancel)));
    expect(cancel).not.toHaveBeenCalled();
  });

  it('closes the connection when the reader leaves in the middle', async () => {
    const cancel = vi.fn();
    for await (const event of ask(respond([start, textDelta(0, 'Hi')], 'stays open', cancel))) {
      if (event.type === 'text-delta') break;
    }
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe('aborting the signal', () => {
  const reason = new Error('the person pressed Stop');

  it('ends the wait for an answer with the reason', async () => {
    const stopping = new AbortController();
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        stopping.abort(reason);
      });
    await expect(collect(ask(silent, stopping.signal))).rejects.toBe(reason);
  });

  it('ends an answer in its middle with the reason', async () => {
    const stopping = new AbortController();
    const events = ask(respond([start, textDelta(0, 'Hi')], 'stays open'), stopping.signal);
    const reading = (async () => {
      for await (const event of events) if (event.type === 'text-delta') stopping.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  it('asks nothing when it happened before', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>();
    await expect(collect(ask(fetch, AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(fetch).not.toHaveBeenCalled();
  });
});
