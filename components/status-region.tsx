import type { Message, Reply } from '@/lib/chat/chat-state';
import { noticeOf } from '@/lib/chat/notice';

/** Tells a screen reader that an answer began and how it ended, once each; never its words. */
export function StatusRegion({ last }: { readonly last: Message | Reply | undefined }) {
  return (
    <p role="status" className="sr-only">
      {describe(last)}
    </p>
  );
}

function describe(last: Message | Reply | undefined): string {
  if (!last || 'text' in last) return '';
  if ('phase' in last) {
    if (last.connection === 'lost') return 'The connection was lost. Reconnecting.';
    return last.phase.name === 'waiting' ? 'Claude is busy. Waiting to try again.' : 'Claude is answering.';
  }
  const notice = noticeOf(last);
  return notice ? [`${notice.title}.`, notice.detail].filter(Boolean).join(' ') : 'The answer is complete.';
}
