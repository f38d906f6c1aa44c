import { ChatError, isWireError } from './chat-error';
import type { ReplyEvent } from './reply-event';

/** A comment of the stream (WHATWG HTML, 9.2.6): opens the response at once and keeps idle proxies from closing it. */
export const HEARTBEAT = ': rivulet\n\n';

/** The payload of the last frame. The terminal event before it is what ends a reply; this closes the stream. */
export const DONE = '[DONE]';

/** One numbered event as a frame of the stream. `seq` starts at 1 and has no gaps. */
export function encodeEvent(seq: number, event: ReplyEvent): string {
  return `id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`;
}

export function encodeDone(): string {
  return `data: ${DONE}\n\n`;
}

const REQUIRED_STRING: Record<ReplyEvent['type'], string | null> = {
  'reply-start': 'replyId',
  'reply-waiting': 'reason',
  'thinking-delta': 'text',
  'text-delta': 'text',
  'reply-end': 'stopReason',
  'reply-stopped': null,
  'reply-error': null,
};

/**
 * Reads the payload of one frame. An event of a type this version does not know gives null, so that new kinds can be
 * added; anything else that is not an event is an `unexpected_response`.
 */
export function decodeEvent(data: string): ReplyEvent | null {
  const event = parseObject(data);
  const type = event.type;
  if (typeof type !== 'string') throw unexpected(data);
  if (!Object.hasOwn(REQUIRED_STRING, type)) return null;
  const field = REQUIRED_STRING[type as ReplyEvent['type']];
  if (field && typeof event[field] !== 'string') throw unexpected(data);
  if (type === 'reply-error' && !isWireError(event.error)) throw unexpected(data);
  return event as ReplyEvent;
}

function parseObject(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw new ChatError('unexpected_response', { cause: error });
  }
  throw unexpected(data);
}

function unexpected(data: string): ChatError {
  return new ChatError('unexpected_response', { cause: `not an event of a reply: ${data.slice(0, 200)}` });
}
