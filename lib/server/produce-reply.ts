import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent, TerminalEvent, Usage } from '@/lib/protocol/reply-event';
import { askPatiently } from './ask-patiently';
import type { AskClaude, ClaudeCall } from './claude';
import { describeReply, type ReplyLogLine } from './log';
import { startWatchdog, type WatchdogLimits } from './watchdog';

/** What names one reply and what it asks. `receivedAt` is the arrival of the request, by the world's `now`. */
export type ReplyOrder = {
  readonly replyId: string;
  readonly requestId: string;
  readonly receivedAt: number;
  readonly call: ClaudeCall;
  readonly resumable: boolean;
  readonly simulated: boolean;
};

/** The world around a reply. `now` is monotonic, in milliseconds. */
export type ReplyWorld = {
  readonly ask: AskClaude;
  readonly limits: WatchdogLimits;
  /** Called once, when the reply is over, with the line that is to be logged. */
  readonly onEnd: (line: ReplyLogLine) => void;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly random?: () => number;
};

/**
 * Produces one reply as events: first `reply-start`, then exactly one terminal event at the end, whatever happens.
 * Claude is asked when the second event is taken. Aborting `stop` closes the connection to Claude and ends the reply: as
 * failed where the reason is a `ChatError`, as stopped otherwise. Whoever reads on after the terminal event lets the
 * connection be used again. Tells its end with one log line.
 */
export async function* produceReply(
  order: ReplyOrder,
  stop: AbortController,
  { ask, limits, onEnd, now = monotonicMs, sleep = abortableDelay, random = Math.random }: ReplyWorld,
): AsyncGenerator<ReplyEvent, void> {
  const elapsedMs = () => Math.round(now() - order.receivedAt);
  const watchdog = startWatchdog(stop, limits);
  let attempts = 0;
  let firstTokenMs: number | null = null;
  let usage: Usage | undefined;
  let upstreamRequestId: string | undefined;
  let anomaly: string | undefined;
  let failure: ChatError | undefined;
  let end: TerminalEvent | undefined;
  try {
    const { replyId, call, resumable, simulated } = order;
    yield { type: 'reply-start', replyId, model: call.model.id, resumable, simulated };
    const askOnce: AskClaude = (...asked) => {
      attempts += 1;
      return ask(...asked);
    };
    for await (const event of askPatiently(call, stop.signal, { ask: askOnce, watchdog, elapsedMs, sleep, random })) {
      switch (event.type) {
        case 'accepted':
          upstreamRequestId = event.upstreamRequestId;
          break;
        case 'usage':
          usage = event.usage;
          break;
        case 'end':
          ({ usage, anomaly } = event);
          end = {
            type: 'reply-end',
            stopReason: event.stopReason,
            usage,
            timing: { firstTokenMs, totalMs: elapsedMs() },
          };
          yield end;
          break;
        case 'reply-waiting':
          yield event;
          break;
        default:
          firstTokenMs ??= elapsedMs();
          yield event;
      }
    }
    if (!end) throw new ChatError('upstream_cut', { cause: 'the answer did not end' });
  } catch (error) {
    // An answer that has ended stays so, whatever becomes of its connection.
    if (!end) {
      failure = failureOf(error, stop.signal);
      end = failure
        ? { type: 'reply-error', error: failure.toWire(order.requestId) }
        : { type: 'reply-stopped', usage };
      yield end;
    }
  } finally {
    watchdog.end();
    // Without an end here the reader left between two events.
    const ended = end ?? ({ type: 'reply-stopped', usage } as const);
    const measured = { attempts, firstTokenMs, totalMs: elapsedMs(), usage, upstreamRequestId, anomaly };
    onEnd(describeReply({ order, end: ended, failure, ...measured }));
  }
}

/** What ended a reply counts, not what broke because of it. Undefined where it was stopped on purpose. */
function failureOf(error: unknown, { aborted, reason }: AbortSignal): ChatError | undefined {
  if (!aborted) return toChatError(error, 'internal');
  return reason instanceof ChatError ? reason : undefined;
}

const monotonicMs = () => performance.now();
const abortableDelay = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal });
