import { describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import {
  ask,
  blockStart,
  delta,
  MESSAGE_STOP,
  messageDelta,
  messageStart,
  read,
  respond,
  shownIn,
  textDelta,
  thinkingDelta,
} from './claude.fixture';

const START = messageStart();

/** What is shown of an answer that is made of these frames. */
async function shownOf(frames: readonly string[]) {
  const { seen, failure } = await read(ask(respond([START, ...frames, messageDelta('end_turn'), MESSAGE_STOP])));
  expect(failure).toBeNull();
  return shownIn(seen);
}

const endOf = async (frames: readonly string[]) => (await read(ask(respond(frames)))).seen.at(-1);

describe('an answer of Claude', () => {
  it('begins with its request id and ends with its stop reason', async () => {
    const frames = [START, blockStart(0, { type: 'text', text: '' }), textDelta(0, 'Hello'), messageDelta('end_turn')];
    expect(await read(ask(respond([...frames, MESSAGE_STOP])))).toEqual({
      seen: [
        { type: 'accepted', upstreamRequestId: 'req_1' },
        { type: 'text-delta', text: 'Hello' },
        {
          type: 'end',
          stopReason: 'end_turn',
          usage: { inputTokens: 3, outputTokens: 7, cacheReadTokens: 0, cacheWriteTokens: 0 },
        },
      ],
      failure: null,
    });
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
      messageStart({ usage: began }),
      messageDelta(null, { output_tokens: 4, input_tokens: null }),
      messageDelta('end_turn', { output_tokens: 9, output_tokens_details: { thinking_tokens: 6 } }),
      MESSAGE_STOP,
    ]);
    expect(end).toMatchObject({
      usage: { inputTokens: 10, outputTokens: 9, cacheReadTokens: 5, cacheWriteTokens: 2, thinkingTokens: 6 },
    });
  });

  it('passes on a stop reason that it does not know', async () => {
    expect(await endOf([START, messageDelta('out_of_ink'), MESSAGE_STOP])).toMatchObject({ stopReason: 'out_of_ink' });
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
    expect((await read(ask(silent, stopping.signal))).failure).toBe(reason);
  });

  it('ends an answer in its middle with the reason', async () => {
    const stopping = new AbortController();
    const events = ask(respond([START, textDelta(0, 'Hi')], 'stays open'), stopping.signal);
    const reading = (async () => {
      for await (const event of events) if (event.type === 'text-delta') stopping.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  it('asks nothing when it happened before', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>();
    expect((await read(ask(fetch, AbortSignal.abort(reason)))).failure).toBe(reason);
    expect(fetch).not.toHaveBeenCalled();
  });
});
