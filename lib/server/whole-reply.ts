import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import { appendToContent, type ContentPart } from '@/lib/protocol/content';
import type { ReplyEvent, WholeReply } from '@/lib/protocol/reply-event';
import type { Reply } from './reply';

/**
 * Waits for the end of a reply, for code that consumes it whole. Rejects with the `ChatError` of a reply that failed: a
 * truncated answer is never passed on as an answer. Null where the reader has left before.
 *
 * @param canReturn whether a reader that leaves can ask for the same reply again
 */
export async function readWholeReply(
  reply: Reply,
  signal: AbortSignal,
  canReturn: boolean,
): Promise<WholeReply | null> {
  await new Promise<void>((resolve) => {
    const stopReading = () => {
      unlisten();
      leave({ canReturn });
      signal.removeEventListener('abort', stopReading);
      resolve();
    };
    // Whoever loses the place among the readers still gets the end: a whole reply cannot be resumed.
    const unlisten = reply.log.listen(() => reply.log.isEnded && stopReading());
    const leave = reply.follow({ onNews: () => {}, onDropped: () => {} });
    signal.addEventListener('abort', stopReading, { once: true });
    if (reply.log.isEnded || signal.aborted) stopReading();
  });
  return reply.log.isEnded ? collectReply(reply.log.read(0)) : null;
}

function collectReply(events: readonly ReplyEvent[]): WholeReply {
  let content: readonly ContentPart[] = [];
  let start: Extract<ReplyEvent, { type: 'reply-start' }> | undefined;
  let end: Extract<ReplyEvent, { type: 'reply-end' }> | undefined;
  for (const event of events) {
    if (event.type === 'reply-start') start = event;
    if (event.type === 'thinking-delta') content = appendToContent(content, 'thinking', event.text);
    if (event.type === 'text-delta') content = appendToContent(content, 'text', event.text);
    if (event.type === 'reply-end') end = event;
    if (event.type === 'reply-stopped') throw new ChatError('reply_stopped');
    if (event.type === 'reply-error')
      throw new ChatError(event.error.code, { retryAfterSeconds: event.error.retryAfterSeconds });
  }
  if (!start || !end) throw new ChatError('upstream_cut');
  const { stopReason, usage, timing } = end;
  return { replyId: start.replyId, model: start.model, content, stopReason, usage, timing };
}
