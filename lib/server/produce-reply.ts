import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent, TerminalEvent } from '@/lib/protocol/reply-event';
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
  readonly simulated: boolean;
};

/** The world around a reply. `now` is monotonic, in milliseconds. */
export type ReplyWorld = {
  readonly ask: AskClaude;
  readonly limits: WatchdogLimits;
  readonly log: (line: ReplyLogLine) => void;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly random?: () => number;
};

/**
 * Produces one reply as events: first `reply-start`, then exactly one terminal event at the end, whatever happens.
 * Claude is asked when the second event is taken. Aborting `stop` closes the connection to Claude and ends the reply: as
 * failed where the reason is a `ChatError`, as stopped otherwise. Whoever reads on after the terminal event lets the
 * connection be used again. Leaves one log line.
 */
export async function* produceReply(
  order: ReplyOrder,
  stop: AbortController,
  { ask, limits, log, now = monotonicMs, sleep = abortableDelay, random = Math.random }: ReplyWorld,
): AsyncGenerator<ReplyEvent, void> {
  const elapsedMs = () => Math.round(now() - order.receivedAt);
  const watchdog = startWatchdog(stop, limits);
  let firstTokenMs: number | null = null;
  let attempts = 0;
  let upstreamRequestId: string | undefined;
  let failure: ChatError | undefined;
  let end: TerminalEvent = { type: 'reply-stopped' };
  try {
    const { replyId, call, simulated } = order;
    yield { type: 'reply-start', replyId, model: call.model.id, resumable: false, simulated };
    for await (const event of askPatiently(call, stop.signal, { ask, watchdog, elapsedMs, sleep, random })) {
      switch (event.type) {
        case 'accepted':
          upstreamRequestId = event.upstreamRequestId;
          break;
        case 'alive':
          break;
        case 'end': {
          const { stopReason, usage } = event;
          end = { type: 'reply-end', stopReason, usage, timing: { firstTokenMs, totalMs: elapsedMs() } };
          yield end;
          break;
        }
        case 'reply-waiting':
          attempts += 1;
          yield event;
          break;
        default:
          firstTokenMs ??= elapsedMs();
          yield event;
      }
    }
  } catch (error) {
    // What ended the reply counts, not what broke because of it.
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    if (reason instanceof ChatError || !stop.signal.aborted) {
      failure = toChatError(reason, 'internal');
      end = { type: 'reply-error', error: failure.toWire(order.requestId) };
    }
    yield end;
  } finally {
    watchdog.end();
    log(
      describeReply({
        order,
        end,
        failure,
        attempts: attempts + 1,
        firstTokenMs,
        totalMs: elapsedMs(),
        upstreamRequestId,
      }),
    );
  }
}

const monotonicMs = () => performance.now();
const abortableDelay = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal });
