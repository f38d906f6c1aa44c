import 'server-only';
import { constants } from 'node:os';
import { getLogger } from './log';
import type { Replies } from './replies';
import { type Schedule, scheduleTimeout } from './schedule';

/** Between the end of the last reply and that of the process: its last bytes are on their way. */
const FLUSH_MS = 500;

/** How long interrupted replies may take to say so, one to a reader who has stopped reading included. */
const LAST_WORD_MS = 2000;

type Signal = 'SIGTERM' | 'SIGINT';

/** What is used of the process, so that a test can stand in for it. */
export type HostProcess = {
  on(event: Signal, listener: () => void): unknown;
  exit(code: number): unknown;
};

/**
 * Ends the process in order. On SIGTERM the server in front accepts nobody any more; replies that run have `drainMs` to
 * end by themselves, then they are interrupted with the code `restarting`, and the process exits with 0. SIGINT (Ctrl+C)
 * does the same without the wait. A second signal ends the process at once.
 */
export function endOnSignals(
  replies: Pick<Replies, 'size' | 'close' | 'interrupt'>,
  drainMs: number,
  { host = process, schedule = scheduleTimeout }: { host?: HostProcess; schedule?: Schedule } = {},
): void {
  let isEnding = false;
  const end = async (signal: Signal) => {
    if (isEnding) {
      host.exit(128 + constants.signals[signal]);
      return;
    }
    isEnding = true;
    const waitMs = signal === 'SIGTERM' ? drainMs : 0;
    getLogger().info({ signal, replies: replies.size, waitMs }, 'ending');
    schedule(() => replies.interrupt(), waitMs);
    schedule(() => host.exit(0), waitMs + LAST_WORD_MS);
    await replies.close();
    schedule(() => host.exit(0), FLUSH_MS);
  };
  host.on('SIGTERM', () => void end('SIGTERM'));
  host.on('SIGINT', () => void end('SIGINT'));
}
