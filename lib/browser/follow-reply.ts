import { ChatError, type ErrorCode, toChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { isTerminal } from '@/lib/protocol/reply-event';
import type { EventBatch } from './event-reader';
import { type OpenReply, openReply as openReplyOverHttp } from './open-reply';
import { retryDelayMs, type Wait, waitOrReturn } from './patience';

/** A reply as its reader knows it. */
export type FollowedReply = {
  readonly replyId: string;
  /** What it asks; null where that was so long ago that it is not asked again. */
  readonly request: ChatRequest | null;
  /** How far it was read; 0 where nothing was. */
  readonly lastSeq: number;
  /** Null as long as the server has not said so. */
  readonly isResumable: boolean | null;
  /** Whether its reader has been told that the connection is lost. */
  readonly isLost: boolean;
};

export type FollowNews =
  | ({ readonly type: 'events' } & EventBatch)
  | { readonly type: 'connection-lost' | 'connection-restored' };

export type FollowOptions = {
  readonly signal: AbortSignal;
  readonly openReply?: OpenReply;
  readonly wait?: Wait;
  readonly isOnline?: () => boolean;
  /** From 0 to 1. */
  readonly random?: () => number;
};

/** Follows a reply to its end, over as many connections as it takes. */
export type FollowReply = (reply: FollowedReply, options: FollowOptions) => AsyncGenerator<FollowNews, void>;

/** How often in a row nothing new may come: with the waits between, about a minute. */
const MAX_FAILURES = 12;

/** A reply that may not have been begun is asked for less patiently: nothing is lost, and its question can be sent again. */
const MAX_FAILURES_BEFORE = 4;

/** Without a network every try is in vain; this is for networks that come back without a word. */
const OFFLINE_DELAY_MS = 60_000;

/** What the next connection may do better. What the server says about the reply itself is no such thing. */
const WORTH_TRYING: readonly ErrorCode[] = [
  'offline',
  'server_unreachable',
  'connection_lost',
  'unexpected_response',
  'rate_limited',
  'restarting',
  'internal',
];

/**
 * Yields each event of a reply once and in order, from behind `lastSeq` to the terminal one, whatever becomes of the
 * connections that carry them. It is begun by its name: asked for twice, it is begun once. Throws the `ChatError` of a reply
 * that cannot be had: refused, gone, or out of reach for too long. Ends early when the signal aborts.
 */
export const followReply: FollowReply = async function* (reply, options) {
  const { signal, openReply = openReplyOverHttp, wait = waitOrReturn } = options;
  const { isOnline = () => navigator.onLine, random = Math.random } = options;
  let { lastSeq, isResumable, isLost } = reply;
  let failures = 0;
  /** Whether the server is known to have it: by a word of it, or by an answer to the request for it. */
  let isBegun = lastSeq > 0 || !reply.request;
  for (;;) {
    const { replyId, request } = reply;
    const target = lastSeq === 0 && request ? { request } : { replyId, after: lastSeq };
    try {
      for await (const batch of openReply(target, { signal, isOnline })) {
        if (signal.aborted) return;
        if (isLost) yield { type: 'connection-restored' };
        isLost = false;
        isBegun = true;
        if (batch.events.length === 0) continue;
        failures = 0;
        lastSeq = batch.lastSeq;
        for (const event of batch.events) if (event.type === 'reply-start') isResumable = event.resumable;
        yield { type: 'events', ...batch };
        if (batch.events.some(isTerminal)) return;
      }
      throw new ChatError('connection_lost', { cause: 'the reply did not end' });
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const failure = toChatError(error, 'unexpected_response');
      if (!isWorthTrying(failure, isBegun, failures)) throw failure;
      if (isResumable === false || failures >= MAX_FAILURES) throw new ChatError('connection_lost', { cause: failure });
    }
    if (!isLost) yield { type: 'connection-lost' };
    isLost = true;
    const hasReturned = await wait(isOnline() ? retryDelayMs(failures, random()) : OFFLINE_DELAY_MS, signal);
    // To look at the tab while there is no network is no failure of the server.
    if (hasReturned && !isOnline()) failures -= 1;
    if (signal.aborted) return;
  }
};

function isWorthTrying({ code }: ChatError, isBegun: boolean, failures: number): boolean {
  if (isBegun) return WORTH_TRYING.includes(code);
  return (code === 'server_unreachable' || code === 'connection_lost') && failures < MAX_FAILURES_BEFORE;
}
