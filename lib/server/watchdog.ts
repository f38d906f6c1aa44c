import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import type { Schedule } from './schedule';

/** Limits of a reply, in milliseconds. */
export type WatchdogLimits = {
  /** From asking Claude to its first byte. A model may think before that, so this is longer than `stallMs`. */
  readonly firstByteMs: number;
  /** Between two bytes after that, pings included: a connection that carries nothing is dead. */
  readonly stallMs: number;
  /** Between two events with something new in them: pings alone may come from a proxy whose model has died. */
  readonly outputMs: number;
  /** The whole reply, waits and retries included. */
  readonly replyMs: number;
};

/**
 * Timers of a process that was held up are due before it has read what arrived meanwhile. So a limit strikes one turn of
 * the event loop later, when that has been read and may have called it off.
 */
const scheduleAfterReading: Schedule = (callback, delayMs) => {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    turn = setImmediate(callback);
  }, delayMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
};

/** Watches the waits of one reply. Only time spent waiting for Claude counts, never that of a slow reader. */
export type Watchdog = {
  /** A wait for Claude begins. */
  readonly expect: (what: 'first-byte' | 'output') => void;
  /** Bytes came, whatever they say. */
  readonly hear: () => void;
  /** Nothing is waited for. */
  readonly rest: () => void;
  readonly end: () => void;
};

/** Aborts `stop` with a `ChatError` when a wait takes too long. `end` must be called. */
export function startWatchdog(
  stop: AbortController,
  limits: WatchdogLimits,
  schedule = scheduleAfterReading,
): Watchdog {
  const limit = (code: 'first_byte_timeout' | 'stalled' | 'reply_timeout', ms: number) =>
    schedule(() => stop.abort(new ChatError(code)), ms);
  const cancelReply = limit('reply_timeout', limits.replyMs);
  let cancelBytes = () => {};
  let cancelOutput = () => {};
  const rest = () => {
    cancelBytes();
    cancelOutput();
  };
  return {
    expect: (what) => {
      rest();
      cancelOutput = limit('stalled', limits.outputMs);
      cancelBytes =
        what === 'first-byte' ? limit('first_byte_timeout', limits.firstByteMs) : limit('stalled', limits.stallMs);
    },
    hear: () => {
      cancelBytes();
      cancelBytes = limit('stalled', limits.stallMs);
    },
    rest,
    end: () => {
      rest();
      cancelReply();
    },
  };
}
