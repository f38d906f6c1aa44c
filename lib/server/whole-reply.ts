import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import { appendToContent, type ContentPart } from '@/lib/protocol/content';
import type { ReplyEvent, WholeReply } from '@/lib/protocol/reply-event';

/**
 * Collects a reply for code that consumes it whole. Rejects with the `ChatError` of a reply that failed: a truncated
 * answer is never passed on as an answer.
 */
export async function collectReply(events: AsyncIterable<ReplyEvent>): Promise<WholeReply> {
  let content: readonly ContentPart[] = [];
  let start: Extract<ReplyEvent, { type: 'reply-start' }> | undefined;
  let end: Extract<ReplyEvent, { type: 'reply-end' }> | undefined;
  for await (const event of events) {
    if (event.type === 'reply-start') start = event;
    if (event.type === 'thinking-delta') content = appendToContent(content, 'thinking', event.text);
    if (event.type === 'text-delta') content = appendToContent(content, 'text', event.text);
    if (event.type === 'reply-end') end = event;
    if (event.type === 'reply-error')
      throw new ChatError(event.error.code, { retryAfterSeconds: event.error.retryAfterSeconds });
  }
  if (!start || !end) throw new ChatError('upstream_cut');
  const { stopReason, usage, timing } = end;
  return { replyId: start.replyId, model: start.model, content, stopReason, usage, timing };
}
