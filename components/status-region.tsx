import type { ChatState } from '@/lib/chat/chat-state';
import { noticeOf } from '@/lib/chat/notice';

/** Tells a screen reader that an answer began and how it ended, once each; never its words. */
export function StatusRegion({ state }: { readonly state: ChatState }) {
  return (
    <p role="status" className="sr-only">
      {describe(state)}
    </p>
  );
}

function describe({ messages, reply }: ChatState): string {
  if (reply?.connection === 'lost') return 'The connection was lost. Reconnecting.';
  if (reply) return reply.phase.name === 'waiting' ? 'Claude is busy. Waiting to try again.' : 'Claude is answering.';
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return '';
  const notice = noticeOf(last);
  return notice ? [`${notice.title}.`, notice.detail].filter(Boolean).join(' ') : 'The answer is complete.';
}
