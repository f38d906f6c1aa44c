import { ChatError, isRetryable, isWireError, type WireError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { HEARTBEAT_MS } from '@/lib/protocol/codec';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { readEvents } from './event-reader';

export type OpenReplyOptions = {
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  readonly isOnline?: () => boolean;
  /** Calls back after a delay in milliseconds, unless the returned function is called first. */
  readonly schedule?: (callback: () => void, delayMs: number) => () => void;
};

/** Asks for a reply and yields its events, as many together as arrived together. */
export type OpenReply = (
  request: ChatRequest,
  options: OpenReplyOptions,
) => AsyncGenerator<readonly ReplyEvent[], void>;

/** After three heartbeats that are missing, the last words are waited for; then there is nobody to wait for. */
const SILENCE_MS = 3 * HEARTBEAT_MS;
const LAST_CHANCE_MS = 5000;

/**
 * The reply over our own route. A request that the server refuses is a reply too: one `reply-error` event. Throws
 * `ChatError` where the browser itself sees the failure: `offline`, `server_unreachable`, `connection_lost`,
 * `unexpected_response`. Aborting the signal closes the connection.
 */
export const openReply: OpenReply = async function* (request, options) {
  const { signal, fetch = globalThis.fetch, isOnline = navigatorIsOnline, schedule = scheduleTimeout } = options;
  const silence = new AbortController();
  let cancelTimer = () => {};
  const listen = () => {
    cancelTimer();
    cancelTimer = schedule(() => {
      // A page that slept finds its timer due before it has read what arrived meanwhile.
      cancelTimer = schedule(() => silence.abort(), LAST_CHANCE_MS);
    }, SILENCE_MS);
  };
  try {
    listen();
    const response = await fetch('/api/chat', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify(request),
      signal: AbortSignal.any([signal, silence.signal]),
    }).catch((error: unknown) => {
      // Asked only now: a server on this machine answers without any network.
      throw new ChatError(isOnline() ? 'server_unreachable' : 'offline', { cause: error });
    });
    if (!response.ok) yield [{ type: 'reply-error', error: await readRefusal(response) }];
    else if (!response.body || !isEventStream(response)) throw new ChatError('unexpected_response');
    else yield* readEvents(response.body, listen);
  } finally {
    cancelTimer();
    // Closes whatever was not read to its end.
    silence.abort();
  }
};

function scheduleTimeout(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

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
