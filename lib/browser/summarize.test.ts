import { describe, expect, it, vi } from 'vitest';
import type { Message } from '@/lib/chat/chat-state';
import { ChatError } from '@/lib/protocol/chat-error';
import { createSummarize } from './summarize';

const MESSAGES: readonly Message[] = [
  { id: 'q', parentId: null, role: 'user', text: 'Why is the sky blue?', createdAt: 0 },
];
const TO_SUM_UP = { messages: MESSAGES, title: 'Blue Sky', model: { id: 'a-model', contextTokens: 200_000 } };
const whole = (text: string, stopReason = 'end_turn') =>
  Response.json({ content: [{ type: 'text', text }], stopReason });

/** A fetch that ends only when its signal aborts. */
const endless: typeof globalThis.fetch = (_url, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
  });

function sumUp(answer: typeof globalThis.fetch) {
  const fetch = vi.fn<typeof globalThis.fetch>(answer);
  const [cancel, patience] = [new AbortController(), new AbortController()];
  const signalAfter = vi.fn(() => patience.signal);
  const summarize = createSummarize({ fetch, isOnline: () => true, signalAfter });
  return { fetch, cancel, patience, signalAfter, outcome: summarize(TO_SUM_UP, cancel.signal) };
}

describe('summing up a conversation', () => {
  it('sends it to its model, and gives the summary as a draft that says what it is', async () => {
    const { fetch, outcome } = sumUp(async () => whole('It scatters.'));
    expect(await outcome).toEqual({
      draft: expect.stringMatching(/^This is a summary of the chat “Blue Sky”.*\n\nIt scatters\.\n\n$/),
    });
    const body = JSON.parse(String(fetch.mock.calls[0]?.[1]?.body));
    expect(body).toMatchObject({ model: 'a-model', thinking: false });
    expect(body.messages[0].content).toContain('Why is the sky blue?');
  });

  it.each<[string, RegExp, () => Promise<Response>]>([
    [
      'is refused',
      /overloaded right now/,
      async () => Response.json({ error: new ChatError('overloaded').toWire('r') }, { status: 503 }),
    ],
    ['breaks', /cannot be reached/, async () => Promise.reject(new TypeError('Failed to fetch'))],
    ['is cut off', /did not finish/, async () => whole('It sca', 'max_tokens')],
    ['is declined', /did not finish/, async () => whole('', 'refusal')],
  ])('says why there is none where it %s', async (_how, problem, answer) => {
    expect(await sumUp(answer).outcome).toEqual({ problem: expect.stringMatching(problem) });
  });

  it('gives up after two minutes, and says so', async () => {
    const { outcome, patience, signalAfter } = sumUp(endless);
    expect(signalAfter).toHaveBeenCalledExactlyOnceWith(120_000);
    patience.abort();
    expect(await outcome).toEqual({ problem: 'It took too long.' });
  });

  it('ends its request when it is cancelled, and says nothing', async () => {
    const { outcome, cancel, fetch } = sumUp(endless);
    cancel.abort();
    expect(await outcome).toBeNull();
    expect(fetch.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
  });
});
