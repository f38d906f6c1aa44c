import { PencilLine, RotateCcw } from 'lucide-react';
import type { AssistantMessage } from '@/lib/chat/chat-state';
import { CONTINUE_PROMPT, canContinue, canEdit, canRetry, needsNewChat, noticeOf } from '@/lib/chat/notice';
import { ActionButton } from './action-button';
import { Countdown, RetryTime } from './retry-time';
import type { TurnActions } from './turn-actions';

type ReplyNoticeProps = {
  readonly message: AssistantMessage;
  readonly canAct: boolean;
  readonly actions: TurnActions;
};

const TONES = { neutral: 'text-muted', warning: 'text-warning', error: 'text-error' } as const;

/** How a reply ended, where that was not simply its end, and what can be done about it. */
export function ReplyNotice({ message, canAct, actions }: ReplyNoticeProps) {
  const notice = noticeOf(message);
  if (!notice) return null;
  const { onRegenerate, onEdit, onSend, onContinueInNewChat } = actions;
  const { parentId } = message;
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
          {parentId !== null && canRetry(message) && (
            <ActionButton onClick={() => onRegenerate(parentId)}>
              <RotateCcw aria-hidden="true" className="size-3.5" strokeWidth={2} />
              Retry
              {retryAt !== null && <Countdown until={retryAt} />}
            </ActionButton>
          )}
          {parentId !== null && canEdit(message) && (
            <ActionButton onClick={() => onEdit(parentId)}>
              <PencilLine aria-hidden="true" className="size-3.5" strokeWidth={2} />
              Edit
            </ActionButton>
          )}
          {canContinue(message) && <ActionButton onClick={() => onSend(CONTINUE_PROMPT)}>Continue</ActionButton>}
          {needsNewChat(message) && <ActionButton onClick={onContinueInNewChat}>Continue in a new chat</ActionButton>}
        </div>
      )}
    </div>
  );
}
