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
  exitCode?: number | string | null | undefined;
  on(event: Signal | 'exit', listener: () => void): unknown;
  off(event: 'exit', listener: () => void): unknown;
  exit(code?: number): unknown;
};

/**
 * Ends the process in order. On SIGTERM the platform's server accepts nobody any more; replies that run have `drainMs` to
 * end by themselves, then they are interrupted with the code `restarting`, and the process exits with 0. SIGINT (Ctrl+C)
 * does the same without the wait. A second signal ends the process at once.
 */
export function endOnSignals(
  replies: Pick<Replies, 'size' | 'close' | 'interrupt'>,
  drainMs: number,
  { host = process, schedule = scheduleTimeout }: { host?: HostProcess; schedule?: Schedule } = {},
): void {
  let isEnding = false;
  // The platform's server exits with the number of the signal, as if an end that was asked for were a failure.
  const exitCleanly = () => {
    host.exitCode = 0;
  };
  const end = async (signal: Signal) => {
    if (isEnding) {
      host.off('exit', exitCleanly);
      host.exit(128 + constants.signals[signal]);
      return;
    }
    isEnding = true;
    host.on('exit', exitCleanly);
    const waitMs = signal === 'SIGTERM' ? drainMs : 0;
    getLogger().info({ signal, replies: replies.size, waitMs }, 'ending');
    schedule(() => replies.interrupt(), waitMs);
    schedule(() => host.exit(), waitMs + LAST_WORD_MS);
    await replies.close();
    schedule(() => host.exit(), FLUSH_MS);
  };
  host.on('SIGTERM', () => void end('SIGTERM'));
  host.on('SIGINT', () => void end('SIGINT'));
}
