import { ChatError, type WireError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { HEARTBEAT_MS } from '@/lib/protocol/codec';
import { type EventBatch, readEvents } from './event-reader';
import { onReturn as onReturnToTab } from './return-signals';
import { type Schedule, scheduleTimeout } from './schedule';
import { readWireError } from './wire-error';

/** A reply to be begun, or one to be followed from where its reader was. */
export type ReplyTarget =
  | { readonly request: ChatRequest; readonly after?: undefined }
  | { readonly replyId: string; readonly after: number };

export type OpenReplyOptions = {
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  readonly isOnline?: () => boolean;
  readonly schedule?: Schedule;
  readonly onReturn?: typeof onReturnToTab;
  /** Milliseconds. */
  readonly now?: () => number;
};

/**
 * Opens one connection to a reply and yields its events, as many together as arrived together; first an empty batch, when
 * the server has answered.
 */
export type OpenReply = (target: ReplyTarget, options: OpenReplyOptions) => AsyncGenerator<EventBatch, void>;

/** After three heartbeats that are missing, the last words are waited for; then there is nobody to wait for. */
const SILENCE_MS = 3 * HEARTBEAT_MS;
const LAST_CHANCE_MS = 5000;

/** A tab that comes back to a silent connection does not wait for it as long: it may have died unnoticed. */
const SUSPICIOUS_SILENCE_MS = HEARTBEAT_MS;
const SUSPICION_MS = 1000;

/**
 * The reply over our own route. A request to begin one that the server refuses is a reply too: one `reply-error` event.
 * Throws `ChatError` where a known reply is refused, and where the browser itself sees the failure: `offline`,
 * `server_unreachable`, `connection_lost`, `unexpected_response`. Aborting the signal closes the connection.
 */
export const openReply: OpenReply = async function* (target, options) {
  const { signal, fetch = globalThis.fetch, isOnline = navigatorIsOnline } = options;
  const silence = watchSilence(options);
  try {
    const response = await ask(target, fetch, AbortSignal.any([signal, silence.signal])).catch((error: unknown) => {
      // Asked only now: a server on this machine answers without any network.
      throw new ChatError(isOnline() ? 'server_unreachable' : 'offline', { cause: error });
    });
    if (!response.ok) {
      const refusal = await readRefusal(response);
      if ('replyId' in target) throw new ChatError(refusal.code, { cause: refusal });
      yield { events: [{ type: 'reply-error', error: refusal }], lastSeq: 0 };
    } else if (!response.body || !isEventStream(response)) throw new ChatError('unexpected_response');
    else {
      yield { events: [], lastSeq: target.after ?? 0 };
      yield* readEvents(response.body, target.after, silence.hear);
    }
  } finally {
    // Closes whatever was not read to its end.
    silence.end();
  }
};

/** A signal that aborts when nothing has been heard for too long, or when watching ends. */
function watchSilence({ schedule = scheduleTimeout, onReturn = onReturnToTab, now = Date.now }: OpenReplyOptions): {
  readonly signal: AbortSignal;
  readonly hear: () => void;
  readonly end: () => void;
} {
  const silence = new AbortController();
  let heardAt = now();
  let cancelTimer = () => {};
  const giveUpAfter = (delayMs: number) => {
    cancelTimer();
    cancelTimer = schedule(() => silence.abort(), delayMs);
  };
  const hear = () => {
    heardAt = now();
    cancelTimer();
    // A page that slept finds its timer due before it has read what arrived meanwhile.
    cancelTimer = schedule(() => giveUpAfter(LAST_CHANCE_MS), SILENCE_MS);
  };
  const ignoreReturns = onReturn(() => {
    if (now() - heardAt > SUSPICIOUS_SILENCE_MS) giveUpAfter(SUSPICION_MS);
  });
  hear();
  return {
    signal: silence.signal,
    hear,
    end: () => {
      ignoreReturns();
      cancelTimer();
      silence.abort();
    },
  };
}

function ask(target: ReplyTarget, fetch: typeof globalThis.fetch, signal: AbortSignal): Promise<Response> {
  const headers = { Accept: 'text/event-stream' };
  if ('replyId' in target) {
    return fetch(`/api/chat/${target.replyId}`, {
      headers: { ...headers, 'Last-Event-ID': String(target.after) },
      cache: 'no-store',
      signal,
    });
  }
  return fetch('/api/chat', {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(target.request),
    signal,
  });
}

const navigatorIsOnline = () => navigator.onLine;

function isEventStream(response: Response): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(response.headers.get('content-type') ?? '');
}

async function readRefusal(response: Response): Promise<WireError> {
  const error = await readWireError(response);
  if (!error) throw new ChatError('unexpected_response', { detail: `(HTTP ${response.status})` });
  return error;
}
