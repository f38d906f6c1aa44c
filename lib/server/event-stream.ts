import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import { encodeDone, encodeEvent, HEARTBEAT, HEARTBEAT_MS } from '@/lib/protocol/codec';
import type { Reply } from './reply';

/** How long news may wait for a reader who has stopped reading. Then the connection is given up; it can be resumed. */
const UNREAD_MS = 30_000;

/** At most so many events are written together, so that a resumed reply is not one huge piece. */
const EVENTS_PER_CHUNK = 500;

/** The response that carries such a stream. `no-transform` keeps compressing proxies, Next among them, from holding events back; nginx obeys the header of its own. */
export function eventStreamResponse(stream: ReadableStream<Uint8Array>): Response {
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}

export type StreamOptions = {
  readonly after: number;
  readonly signal: AbortSignal;
  /** Whether a reader that leaves can ask for the same reply again. */
  readonly canReturn: boolean;
};

/**
 * The events of a reply behind the number `after`, as server-sent events: a comment at once (the platform sends no headers
 * before the first byte), numbered events as they come, heartbeats, `[DONE]`. To begin and to resume is the same. Written
 * only as fast as it is read: what waits, waits in the log. Follows the reply until its end, or until the reader leaves,
 * whichever way that is told: by the stream, or by the signal of a request whose stream is never read.
 */
export function streamReply(reply: Reply, { after, signal, canReturn }: StreamOptions): ReadableStream<Uint8Array> {
  const { log } = reply;
  const encoder = new TextEncoder();
  let seq = after;
  let close = () => {};
  let write = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let unread: NodeJS.Timeout | undefined;
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const isRead = () => (controller.desiredSize ?? 0) > 0;
      // Where nobody reads, the time begins to run also when no news comes any more.
      const heartbeat = setInterval(() => (isRead() ? send(HEARTBEAT) : write()), HEARTBEAT_MS);
      const giveUp = (cause: string) => {
        close();
        controller.error(new ChatError('connection_lost', { cause }));
      };
      write = () => {
        if (!isRead()) {
          unread ??= setTimeout(giveUp, UNREAD_MS, 'the reader does not read');
          return;
        }
        clearTimeout(unread);
        unread = undefined;
        const news = log.read(seq, EVENTS_PER_CHUNK);
        const frames = news.map((event, index) => encodeEvent(seq + index + 1, event));
        seq += news.length;
        const isLast = log.isEnded && seq === log.lastSeq;
        if (isLast) {
          close();
          frames.push(encodeDone());
        }
        // A reader who waits takes it and asks for more before this returns: all else is settled by now.
        if (frames.length > 0) send(frames.join(''));
        if (isLast) controller.close();
      };
      const leave = reply.follow({ onNews: () => write(), onDropped: () => giveUp('a newer reader took the place') });
      close = () => {
        write = () => {};
        clearInterval(heartbeat);
        clearTimeout(unread);
        signal.removeEventListener('abort', close);
        leave({ canReturn });
      };
      signal.addEventListener('abort', close, { once: true });
      send(HEARTBEAT);
      if (signal.aborted) close();
    },
    pull: () => write(),
    cancel: () => close(),
  });
}
