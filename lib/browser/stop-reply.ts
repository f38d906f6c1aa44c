import { ChatError } from '@/lib/protocol/chat-error';
import { retryDelayMs, type Wait, waitOrReturn } from './patience';
import { readWireError } from './wire-error';

/**
 * Stops a reply on the server. Gives `stopped` when it costs nothing any more, whichever way it ended, and `unknown` where
 * the server knows no such reply. Throws `server_unreachable` where nobody has confirmed it after several tries: it may
 * still run.
 *
 * @param isEarly whether it may still be on its way: then it will not be begun when it comes
 */
export type StopReply = (replyId: string, isEarly: boolean) => Promise<'stopped' | 'unknown'>;

type StopReplyOptions = {
  readonly fetch?: typeof globalThis.fetch;
  readonly wait?: Wait;
  /** From 0 to 1. */
  readonly random?: () => number;
};

/** With the waits between, eight seconds where nobody is there, and half a minute where nobody answers. */
const MAX_TRIES = 6;
const ANSWER_MS = 3000;

export function createStopReply({
  fetch = (...request) => globalThis.fetch(...request),
  wait = waitOrReturn,
  random = Math.random,
}: StopReplyOptions = {}): StopReply {
  return async (replyId, isEarly) => {
    let cause: unknown;
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const signal = AbortSignal.timeout(ANSWER_MS);
      try {
        const response = await fetch(`/api/chat/${replyId}${isEarly ? '?early' : ''}`, {
          method: 'DELETE',
          keepalive: true,
          signal,
        });
        if (response.ok) return response.status === 204 ? 'unknown' : 'stopped';
        const error = await readWireError(response);
        if (error?.code === 'reply_not_found') return 'unknown';
        cause = error;
      } catch (error) {
        cause = error;
      }
      if (tries < MAX_TRIES) await wait(retryDelayMs(tries, random()), new AbortController().signal);
    }
    throw new ChatError('server_unreachable', { cause });
  };
}
