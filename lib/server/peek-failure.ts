import 'server-only';
import type { WireError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { type Schedule, scheduleTimeout } from './schedule';

/** The events of a reply for one reader. Whoever returns early ends the reply. */
export type ReplyEvents = Pick<AsyncGenerator<ReplyEvent, void>, 'next' | 'return'>;

/**
 * Looks whether a reply fails at once, before anything of it is shown, so that the failure can still be the HTTP status.
 * Waits for its first news after `reply-start`, at most `waitMs`; what was looked at is not lost.
 */
export async function peekFailure(
  events: ReplyEvents,
  waitMs: number,
  schedule = scheduleTimeout,
): Promise<{ readonly failure: WireError } | { readonly failure: null; readonly events: ReplyEvents }> {
  const start = await events.next();
  const news = events.next();
  const early = await withinMs(news, waitMs, schedule);
  if (early?.value?.type === 'reply-error') return { failure: early.value.error };
  const seen = [Promise.resolve(start), news];
  return { failure: null, events: { next: () => seen.shift() ?? events.next(), return: () => events.return() } };
}

/** The result, or null where it takes longer. */
function withinMs<T>(result: Promise<T>, waitMs: number, schedule: Schedule): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = schedule(() => resolve(null), waitMs);
    result.then(resolve, reject).finally(cancel);
  });
}
