import type { Attempt } from '@/lib/chat/chat-state';
import { noticeOf } from '@/lib/chat/notice';
import { textOf } from '@/lib/protocol/content';
import { AnswerText } from './answer-text';

/** What earlier tries had shown before they broke. Folded, so that it does not compete with the answer. */
export function EarlierAttempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  return (
    <div className="mb-4 flex flex-col gap-2">
      {attempts.map((attempt) => (
        <details key={attempt.id} className="text-muted text-sm">
          <summary className="w-fit cursor-pointer">
            Earlier attempt, {noticeOf(attempt)?.title.toLowerCase() ?? 'complete'}
          </summary>
          <div className="stream mt-3 opacity-80" data-status={attempt.end.status}>
            <AnswerText id={attempt.id} text={textOf(attempt.content)} isStreaming={false} />
          </div>
        </details>
      ))}
    </div>
  );
}
