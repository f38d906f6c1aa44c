import { ChatError, isWireError } from './chat-error';
import type { ReplyEvent } from './reply-event';

/** A comment of the stream (WHATWG HTML, 9.2.6): opens the response at once and keeps idle proxies from closing it. */
export const HEARTBEAT = ': rivulet\n\n';

/**
 * How often it is sent while nothing else is. Proxies close what is silent for 60 s (nginx) or less. A browser takes a
 * connection for dead after three that are missing.
 */
export const HEARTBEAT_MS = 10_000;

/** The payload of the last frame. The terminal event before it is what ends a reply; this closes the stream. */
export const DONE = '[DONE]';

/** One numbered event as a frame of the stream. `seq` starts at 1 and has no gaps. */
export function encodeEvent(seq: number, event: ReplyEvent): string {
  return `id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function encodeDone(): string {
  return `data: ${DONE}\n\n`;
}

type Fields = Readonly<Record<string, unknown>>;

const isNumber = (value: unknown) => typeof value === 'number';

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function isUsage(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, thinkingTokens = 0 } = value;
  return [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, thinkingTokens].every(isNumber);
}

function isTiming(value: unknown): boolean {
  return isObject(value) && isNumber(value.totalMs) && (value.firstTokenMs === null || isNumber(value.firstTokenMs));
}

/** What a reader relies on in each event. */
const IS_WELL_FORMED: { readonly [Type in ReplyEvent['type']]: (event: Fields) => boolean } = {
  'reply-start': ({ replyId }) => typeof replyId === 'string',
  'reply-waiting': ({ reason, retryInMs }) => typeof reason === 'string' && typeof retryInMs === 'number',
  'thinking-delta': ({ text }) => typeof text === 'string',
  'text-delta': ({ text }) => typeof text === 'string',
  'reply-end': ({ stopReason, usage, timing }) => typeof stopReason === 'string' && isUsage(usage) && isTiming(timing),
  'reply-stopped': ({ usage }) => usage === undefined || isUsage(usage),
  'reply-error': ({ error }) => isWireError(error) && typeof error.retryable === 'boolean',
};

const isKnown = (type: string): type is ReplyEvent['type'] => Object.hasOwn(IS_WELL_FORMED, type);

/**
 * Reads the payload of one frame. An event of a type this version does not know gives null, so that new kinds can be
 * added; anything else that is not an event is an `unexpected_response`.
 */
export function decodeEvent(data: string): ReplyEvent | null {
  const event = parseObject(data);
  const { type } = event;
  if (typeof type !== 'string') throw unexpected(data);
  if (!isKnown(type)) return null;
  if (!IS_WELL_FORMED[type](event)) throw unexpected(data);
  return event as ReplyEvent;
}

function parseObject(data: string): Fields {
  try {
    const value: unknown = JSON.parse(data);
    if (isObject(value)) return value;
  } catch (error) {
    throw new ChatError('unexpected_response', { cause: error });
  }
  throw unexpected(data);
}

function unexpected(data: string): ChatError {
  return new ChatError('unexpected_response', { cause: `not an event of a reply: ${data.slice(0, 200)}` });
}
