import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';

/** Limits of a reply, in milliseconds. */
export type WatchdogLimits = {
  /** From asking Claude to its first sign of life. A model may think before that, so this is the longer one. */
  readonly firstByteMs: number;
  /** Between two signs of life, pings included. */
  readonly stallMs: number;
  /** The whole reply, waits and retries included. */
  readonly replyMs: number;
};

/** Calls back after a delay, unless the returned function is called first. */
export type Schedule = (callback: () => void, delayMs: number) => () => void;

const scheduleTimeout: Schedule = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

/** Watches the waits of one reply. Only time spent waiting for Claude counts, never that of a slow reader. */
export type Watchdog = {
  readonly expect: (what: 'first-byte' | 'next-byte') => void;
  readonly rest: () => void;
  readonly end: () => void;
};

/** Aborts `stop` with a `ChatError` when a wait takes too long. `end` must be called. */
export function startWatchdog(stop: AbortController, limits: WatchdogLimits, schedule = scheduleTimeout): Watchdog {
  const cancelReply = schedule(() => stop.abort(new ChatError('reply_timeout')), limits.replyMs);
  let cancelWait = () => {};
  return {
    expect: (what) => {
      cancelWait();
      cancelWait =
        what === 'first-byte'
          ? schedule(() => stop.abort(new ChatError('first_byte_timeout')), limits.firstByteMs)
          : schedule(() => stop.abort(new ChatError('stalled')), limits.stallMs);
    },
    rest: () => cancelWait(),
    end: () => {
      cancelWait();
      cancelReply();
    },
  };
}
