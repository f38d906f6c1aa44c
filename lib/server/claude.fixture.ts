import 'server-only';
import { encodeFrame } from '@/lib/demo/script';
import { type ClaudeCall, type ClaudeEvent, connectClaude } from './claude';
import { modelOf } from './models';

// For the tests of this room: a Claude whose every byte they write themselves.

export const ACCESS = { apiKey: 'test-key', authToken: undefined, baseUrl: undefined };

export const CALL: ClaudeCall = {
  model: modelOf('claude-sonnet-5-5'),
  system: [],
  messages: [{ role: 'user', content: 'Hi' }],
  thinking: undefined,
  effort: undefined,
  maxTokens: 1000,
};

const MESSAGE = { content: [], stop_reason: null, usage: { input_tokens: 3 } };

export const messageStart = (fields: object = {}) =>
  encodeFrame('message_start', { message: { ...MESSAGE, ...fields } });
export const blockStart = (index: number, block: object) =>
  encodeFrame('content_block_start', { index, content_block: block });
export const delta = (index: number, fields: object) => encodeFrame('content_block_delta', { index, delta: fields });
export const textDelta = (index: number, text: string) => delta(index, { type: 'text_delta', text });
export const thinkingDelta = (index: number, thinking: string) => delta(index, { type: 'thinking_delta', thinking });
export const messageDelta = (stopReason: string | null, usage: object = { output_tokens: 7 }) =>
  encodeFrame('message_delta', { delta: { stop_reason: stopReason }, usage });
export const MESSAGE_STOP = encodeFrame('message_stop');

type Ending = 'closes' | 'stays open' | Error;

/** A body with these frames. It breaks when the signal aborts, as that of a real fetch does. */
function bodyOf(frames: readonly string[], ending: Ending, signal: AbortSignal | null | undefined, onClose = () => {}) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener('abort', () => {
        controller.error(signal.reason);
        onClose();
      });
      for (const frame of frames) controller.enqueue(new TextEncoder().encode(frame));
      if (ending === 'closes') controller.close();
    },
    pull(controller) {
      if (ending instanceof Error) controller.error(ending);
    },
    cancel: onClose,
  });
}

/** A `fetch` that answers with these frames, each a read of its own. `onClose` tells that the reader closed it. */
export function respond(frames: readonly string[], ending: Ending = 'closes', onClose?: () => void): typeof fetch {
  return async (_input, init) =>
    new Response(bodyOf(frames, ending, init?.signal, onClose), { headers: { 'request-id': 'req_1' } });
}

export function ask(fetch: typeof globalThis.fetch, signal = new AbortController().signal, onBytes?: () => void) {
  return connectClaude(ACCESS, fetch)(CALL, signal, onBytes);
}

/** All events but those about usage, and what was thrown behind them. */
export async function read(events: AsyncIterable<ClaudeEvent>) {
  const seen: ClaudeEvent[] = [];
  try {
    for await (const event of events) if (event.type !== 'usage') seen.push(event);
  } catch (failure) {
    return { seen, failure };
  }
  return { seen, failure: null };
}

type Delta = Extract<ClaudeEvent, { type: 'thinking-delta' | 'text-delta' }>;

/** The text and the thinking of events, in the order of their arrival. */
export function shownIn(events: readonly ClaudeEvent[]): Delta[] {
  return events.filter((event): event is Delta => event.type === 'text-delta' || event.type === 'thinking-delta');
}
