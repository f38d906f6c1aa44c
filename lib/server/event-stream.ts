import 'server-only';
import { encodeDone, encodeEvent, HEARTBEAT, HEARTBEAT_MS } from '@/lib/protocol/codec';
import { isTerminal } from '@/lib/protocol/reply-event';
import type { ReplyEvents } from './peek-failure';

/** How long a reply that is over waits for a reader who has stopped reading, before the connection is given up. */
const UNREAD_END_MS = 10_000;

/** `no-transform` keeps compressing proxies, Next among them, from holding events back; nginx obeys the header of its own. */
export const EVENT_STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-store, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
} as const;

/**
 * Writes the events of a reply as server-sent events: a comment at once (the platform sends no headers before the first
 * byte), numbered events, heartbeats, `[DONE]`. Events are taken only as fast as they are read. A reader that leaves
 * aborts `stop`; one that never reads is given up soon after `stop` was aborted by a limit.
 */
export function streamEvents(events: ReplyEvents, stop: AbortController): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let heartbeat: NodeJS.Timeout | undefined;
  let unread: NodeJS.Timeout | undefined;
  let seq = 0;
  let isOpen = true;
  const close = () => {
    isOpen = false;
    clearInterval(heartbeat);
    clearTimeout(unread);
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(HEARTBEAT));
      const beat = () => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(HEARTBEAT));
      };
      heartbeat = setInterval(beat, HEARTBEAT_MS);
      const giveUp = () => {
        close();
        controller.error(stop.signal.reason);
        // Read to its end rather than left: it is stopped already, and it has a line to log.
        void readOn(events);
      };
      const onStop = () => {
        if (isOpen) unread = setTimeout(giveUp, UNREAD_END_MS);
      };
      stop.signal.addEventListener('abort', onStop, { once: true });
      if (stop.signal.aborted) onStop();
    },
    async pull(controller) {
      const { value: event } = await events.next().catch((error: unknown) => {
        close();
        throw error;
      });
      // A reader may have left meanwhile, and a stream that was cancelled takes nothing more.
      if (!isOpen) return;
      if (event) {
        seq += 1;
        controller.enqueue(encoder.encode(encodeEvent(seq, event)));
        if (!isTerminal(event)) return;
        controller.enqueue(encoder.encode(encodeDone()));
      }
      close();
      controller.close();
      await events.next();
    },
    async cancel() {
      close();
      stop.abort();
      await events.return();
    },
  });
}

/** Takes what is left of a reply that nobody reads any more, so that it ends by itself. */
export async function readOn(events: ReplyEvents): Promise<void> {
  let result = await events.next();
  while (!result.done) result = await events.next();
}
