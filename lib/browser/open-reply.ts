import { ChatError, isRetryable, isWireError, type WireError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { readEvents } from './event-reader';

export type OpenReplyOptions = {
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  readonly isOnline?: () => boolean;
};

/** Asks for a reply and yields its events, as many together as arrived together. */
export type OpenReply = (
  request: ChatRequest,
  options: OpenReplyOptions,
) => AsyncGenerator<readonly ReplyEvent[], void>;

/**
 * The reply over our own route. A request that the server refuses is a reply too: one `reply-error` event. Throws
 * `ChatError` where the browser itself sees the failure: `offline`, `connection_lost`, `unexpected_response`. Aborting
 * the signal closes the connection.
 */
export const openReply: OpenReply = async function* (
  request,
  { signal, fetch = globalThis.fetch, isOnline = navigatorIsOnline },
) {
  if (!isOnline()) throw new ChatError('offline');
  const response = await fetch('/api/chat', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify(request),
    signal,
  }).catch((error: unknown) => {
    throw new ChatError('connection_lost', { cause: error });
  });
  if (!response.ok) yield [{ type: 'reply-error', error: await readRefusal(response) }];
  else if (!response.body || !isEventStream(response)) throw new ChatError('unexpected_response');
  else yield* readEvents(response.body);
};

const navigatorIsOnline = () => navigator.onLine;

function isEventStream(response: Response): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(response.headers.get('content-type') ?? '');
}

async function readRefusal(response: Response): Promise<WireError> {
  const body: unknown = await response.json().catch(() => null);
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  if (!isWireError(error)) throw new ChatError('unexpected_response', { detail: `(HTTP ${response.status})` });
  return { ...error, retryable: isRetryable(error.code) };
}
