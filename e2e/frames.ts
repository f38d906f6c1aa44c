import { encodeFrame } from '@/lib/demo/script';

export const PING = encodeFrame('ping');

/** The usage that `messageStart` and `messageEnd` tell together, in the words of the Messages API. */
const INPUT_USAGE = { input_tokens: 12, cache_creation_input_tokens: 0, cache_read_input_tokens: 3 };

export function messageStart(id = 'msg_by_hand', inputTokens = INPUT_USAGE.input_tokens): string {
  const usage = { ...INPUT_USAGE, input_tokens: inputTokens, output_tokens: 1 };
  const message = { id, type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [] };
  return encodeFrame('message_start', { message: { ...message, stop_reason: null, stop_sequence: null, usage } });
}

export function thinkingStart(index = 0): string {
  const block = { type: 'thinking', thinking: '', signature: '' };
  return encodeFrame('content_block_start', { index, content_block: block });
}

export function thinkingDelta(thinking: string, index = 0): string {
  return encodeFrame('content_block_delta', { index, delta: { type: 'thinking_delta', thinking } });
}

export function textStart(index = 0): string {
  return encodeFrame('content_block_start', { index, content_block: { type: 'text', text: '' } });
}

export function textDelta(text: string, index = 0): string {
  return encodeFrame('content_block_delta', { index, delta: { type: 'text_delta', text } });
}

export function blockStop(index = 0): string {
  return encodeFrame('content_block_stop', { index });
}

/** Why the answer ended, with its usage: the last frame but one. */
export function messageDelta(stopReason: string, outputTokens = 7): string {
  const delta = { stop_reason: stopReason, stop_sequence: null };
  return encodeFrame('message_delta', { delta, usage: { output_tokens: outputTokens } });
}

/** The two frames that complete an answer. */
export function messageEnd(stopReason = 'end_turn', outputTokens = 7): string {
  return messageDelta(stopReason, outputTokens) + encodeFrame('message_stop');
}

/** Every frame of a short answer without thinking. */
export function wholeAnswer(text: string, inputTokens?: number): string {
  return messageStart(undefined, inputTokens) + textStart() + textDelta(text) + blockStop() + messageEnd();
}

/** An error as the API sends it, before the stream as a body and within it as a frame. */
export function errorBody(type: string, message: string): string {
  return JSON.stringify({ type: 'error', error: { type, message } });
}

export function errorFrame(type: string, message: string): string {
  return `event: error\ndata: ${errorBody(type, message)}\n\n`;
}

/** The list of models as the API sends it. */
export function modelsBody(ids: readonly string[]): string {
  const data = ids.map((id) => ({ type: 'model', id, display_name: id, lifecycle: 'active' }));
  return JSON.stringify({ data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null });
}
