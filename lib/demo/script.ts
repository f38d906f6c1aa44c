import { readAnswer } from './answers';
import type { Attempt } from './scenarios';

/** One frame of the Messages API's stream, and the pause before it in milliseconds. */
export type ScriptedFrame = { readonly pauseMs: number; readonly frame: string };

/** A response of the simulated API. `end` says what the connection does after the last frame. */
export type ScriptedResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: readonly ScriptedFrame[];
  readonly end: 'close' | 'drop' | 'stall';
};

/** What the script needs of a request: its model, and the text of each message, the last one being the prompt. */
export type ScriptedRequest = { readonly model: string; readonly messages: readonly string[] };

/** The public notion that a token is about four characters of English. */
const CHARS_PER_TOKEN = 4;
const countTokens = (text: string) => Math.ceil(text.length / CHARS_PER_TOKEN);

/** Prompts below this size are not cached, as with the real API. */
const MIN_CACHED_TOKENS = 512;

/** One event in the framing of the Messages API. */
export function encodeFrame(type: string, fields: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

/** Everything that the simulated Claude sends for one attempt. */
export function scriptResponse(attempt: Attempt, request: ScriptedRequest, messageId: string): ScriptedResponse {
  if (attempt.kind === 'refused-request') {
    const error = { type: attempt.errorType, message: 'Simulated.' };
    return {
      status: attempt.status,
      headers: {
        ...requestIdHeader(messageId),
        'content-type': 'application/json',
        ...(attempt.retryAfterSeconds !== undefined && { 'retry-after': String(attempt.retryAfterSeconds) }),
      },
      frames: [{ pauseMs: 300, frame: JSON.stringify({ type: 'error', error }) }],
      end: 'close',
    };
  }
  return {
    status: 200,
    headers: answerHeaders(messageId),
    frames: [...messageFrames(wordsOf(attempt), request, messageId)],
    end: attempt.kind === 'broken-answer' ? attempt.end : 'close',
  };
}

/** A whole answer of these words, without a pause. */
export function scriptWords(text: string, request: ScriptedRequest, messageId: string): ScriptedResponse {
  const frames = messageFrames({ thinking: '', text, stopReason: 'end_turn' }, request, messageId);
  return {
    status: 200,
    headers: answerHeaders(messageId),
    frames: [...frames].map(({ frame }) => ({ pauseMs: 0, frame })),
    end: 'close',
  };
}

const requestIdHeader = (messageId: string) => ({ 'request-id': `req_simulated_${messageId}` });
const answerHeaders = (messageId: string) => ({
  ...requestIdHeader(messageId),
  'content-type': 'text/event-stream; charset=utf-8',
});

type AnswerAttempt = Exclude<Attempt, { kind: 'refused-request' }>;

/** The words of an answer; without a stop reason it breaks off. */
type Words = { readonly thinking: string; readonly text: string; readonly stopReason: string | undefined };

function wordsOf(attempt: AnswerAttempt): Words {
  const isBroken = attempt.kind === 'broken-answer';
  return {
    thinking: attempt.thinking ? readAnswer(attempt.thinking) : '',
    text: readAnswer(attempt.text).slice(0, isBroken ? attempt.afterChars : undefined),
    stopReason: isBroken ? undefined : attempt.stopReason,
  };
}

function* messageFrames(
  { thinking, text, stopReason }: Words,
  request: ScriptedRequest,
  messageId: string,
): Generator<ScriptedFrame, void> {
  const message = {
    id: `msg_simulated_${messageId}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
  };
  const usage = inputUsage(request);

  yield frame(450, 'message_start', {
    message: { ...message, stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } },
  });
  yield frame(0, 'ping');
  if (thinking) yield* thinkingFrames(thinking);
  const index = thinking ? 1 : 0;
  yield frame(0, 'content_block_start', { index, content_block: { type: 'text', text: '' } });
  for (const { pauseMs, piece } of paced(text)) {
    yield frame(pauseMs, 'content_block_delta', { index, delta: { type: 'text_delta', text: piece } });
  }
  if (stopReason === undefined) return;
  yield frame(0, 'content_block_stop', { index });
  const outputTokens = countTokens(thinking) + countTokens(text);
  const details = { thinking_tokens: countTokens(thinking) };
  yield frame(40, 'message_delta', {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: { ...usage, output_tokens: outputTokens, output_tokens_details: details },
  });
  yield frame(0, 'message_stop');
}

function* thinkingFrames(thinking: string): Generator<ScriptedFrame, void> {
  yield frame(0, 'content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } });
  for (const { pauseMs, piece } of paced(thinking)) {
    yield frame(pauseMs, 'content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: piece } });
  }
  yield frame(0, 'content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'c2ltdWxhdGVk' } });
  yield frame(0, 'content_block_stop', { index: 0 });
}

function frame(pauseMs: number, type: string, fields?: object): ScriptedFrame {
  return { pauseMs, frame: encodeFrame(type, fields) };
}

/** Every turn but the new one is read from the cache, once the conversation is long enough to be there. */
function inputUsage({ messages }: ScriptedRequest) {
  const counts = messages.map(countTokens);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const earlier = total - (counts.at(-1) ?? 0);
  const cached = earlier >= MIN_CACHED_TOKENS ? earlier : 0;
  const written = total >= MIN_CACHED_TOKENS ? total - cached : 0;
  return {
    input_tokens: total - cached - written,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: written,
  };
}

/**
 * Cuts a text into deltas of a few tokens, never inside a character, at about 120 tokens a second: the pace of a fast
 * model. The unevenness comes from a small generator with a fixed seed (Numerical Recipes), so a text is always cut alike.
 */
function* paced(text: string): Generator<{ readonly pauseMs: number; readonly piece: string }, void> {
  const characters = Array.from(text);
  let seed = 1;
  const upTo = (limit: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  for (let at = 0; at < characters.length; ) {
    const length = 4 + upTo(20);
    yield { pauseMs: 12 + upTo(34), piece: characters.slice(at, at + length).join('') };
    at += length;
  }
}
