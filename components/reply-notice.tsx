import { PencilLine, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AssistantMessage } from '@/lib/chat/chat-state';
import { CONTINUE_PROMPT, canContinue, canEdit, canRetry, noticeOf } from '@/lib/chat/notice';
import { Countdown, RetryTime } from './retry-time';

type ReplyNoticeProps = {
  readonly message: AssistantMessage;
  readonly canAct: boolean;
  readonly onRetry: () => void;
  readonly onEdit: () => void;
  readonly onSend: (text: string) => void;
};

const TONES = { neutral: 'text-muted', warning: 'text-warning', error: 'text-error' } as const;

/** How a reply ended, where that was not simply its end, and what can be done about it. */
export function ReplyNotice({ message, canAct, onRetry, onEdit, onSend }: ReplyNoticeProps) {
  const notice = noticeOf(message);
  if (!notice) return null;
  const failure = 'error' in message.end ? message.end : null;
  const retryAt = failure?.retryAt ?? null;
  return (
    <div data-uncopied="" className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <p className="min-w-0 flex-1 basis-72">
        <strong className={`font-semibold ${TONES[notice.tone]}`}>{notice.title}.</strong> {notice.detail}{' '}
        {canAct && retryAt !== null && (
          <RetryTime retryAt={retryAt} waitSeconds={failure?.error.retryAfterSeconds ?? 0} />
        )}
        {failure?.error.requestId && (
          <span className="mt-0.5 block text-muted text-xs">Request {failure.error.requestId}</span>
        )}
      </p>
      {canAct && (
        <div className="flex flex-wrap gap-2">
          {canRetry(message) && (
            <ActionButton onClick={onRetry}>
              <RotateCcw aria-hidden="true" className="size-3.5" strokeWidth={2} />
              Retry
              {retryAt !== null && <Countdown until={retryAt} />}
            </ActionButton>
          )}
          {canEdit(message) && (
            <ActionButton onClick={onEdit}>
              <PencilLine aria-hidden="true" className="size-3.5" strokeWidth={2} />
              Edit
            </ActionButton>
          )}
          {canContinue(message) && <ActionButton onClick={() => onSend(CONTINUE_PROMPT)}>Continue</ActionButton>}
        </div>
      )}
    </div>
  );
}

function ActionButton({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex h-9 items-center gap-1.5 rounded-lg border border-line bg-surface px-3 font-medium text-sm transition-colors hover:border-river hover:text-river pointer-coarse:h-11"
    >
      {children}
    </button>
  );
}
