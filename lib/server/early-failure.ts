import 'server-only';
import type { WireError } from '@/lib/protocol/chat-error';
import type { Reply } from './reply';
import { type Schedule, scheduleTimeout } from './schedule';

/**
 * The failure of a reply that fails at once, before anything of it is shown, so that it can still be the HTTP status; null
 * for one that does not. Waits for its first news after `reply-start`, at most `waitMs`, and no longer than its reader does.
 */
export function findEarlyFailure(
  { log }: Reply,
  waitMs: number,
  signal: AbortSignal,
  schedule: Schedule = scheduleTimeout,
): Promise<WireError | null> {
  return new Promise((resolve) => {
    const settle = () => {
      cancelTimer();
      unlisten();
      signal.removeEventListener('abort', settle);
      const [news] = log.read(1, 1);
      resolve(news?.type === 'reply-error' ? news.error : null);
    };
    const cancelTimer = schedule(settle, waitMs);
    const unlisten = log.listen(() => log.lastSeq > 1 && settle());
    signal.addEventListener('abort', settle, { once: true });
    if (log.lastSeq > 1 || signal.aborted) settle();
  });
}
