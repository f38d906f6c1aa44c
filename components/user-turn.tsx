import { PencilLine, RotateCcw } from 'lucide-react';
import { memo } from 'react';
import type { UserMessage } from '@/lib/chat/chat-state';
import { ActionButton } from './action-button';
import { BranchPager } from './branch-pager';
import { IconButton } from './icon-button';
import { MoreMenu } from './more-menu';
import { QuestionEditor, type QuestionEditorProps } from './question-editor';
import { SentAttachments } from './sent-attachments';
import type { TurnActions } from './turn-actions';

/** Above this a question is a text to read, not a heading. */
const HEADING_CHARS = 280;

type UserTurnProps = {
  readonly message: UserMessage;
  readonly siblingIds: readonly string[];
  readonly isUnsent: boolean;
  /** Nothing stands behind it, and nothing is being written. */
  readonly isUnanswered: boolean;
  /** Another wording, while it is written. */
  readonly editor: QuestionEditorProps | null;
  readonly actions: TurnActions;
};

/** A question, as the heading of what follows. */
export const UserTurn = memo(function UserTurn({
  message,
  siblingIds,
  isUnsent,
  isUnanswered,
  editor,
  actions,
}: UserTurnProps) {
  const { id, text, attachments } = message;
  const { onRegenerate, onEdit, onChoose, onFork, onDelete } = actions;
  const weight = text.length > HEADING_CHARS ? 'font-normal' : 'font-semibold';
  return (
    <article
      aria-label="You"
      className="question mt-5 border-line border-t pt-7 first:mt-0 first:border-0 first:pt-2"
      data-branches={siblingIds.length > 1 ? '' : undefined}
    >
      {attachments && <SentAttachments attachments={attachments} />}
      {editor ? (
        <QuestionEditor {...editor} />
      ) : (
        <p
          dir="auto"
          className={`whitespace-pre-wrap text-pretty text-[1.0625rem] leading-normal [overflow-wrap:anywhere] ${weight} ${isUnsent ? 'text-muted' : ''}`}
        >
          {text}
        </p>
      )}
      {isUnsent && (
        <p data-uncopied="" className="mt-1 text-muted text-sm">
          Not sent
        </p>
      )}
      {!editor && (
        <footer data-uncopied="" className="question-actions when-idle">
          <BranchPager id={id} siblingIds={siblingIds} onChoose={onChoose} />
          <IconButton label="Edit" icon={PencilLine} onClick={() => onEdit(id)} />
          <MoreMenu
            label="More about this question"
            items={[
              { label: 'Fork from here', onChoose: () => onFork(id) },
              { label: 'Delete with its answers', onChoose: (isByKey) => onDelete(id, isByKey) },
            ]}
          />
        </footer>
      )}
      {isUnanswered && !editor && (
        <div data-uncopied="" className="mt-2 flex">
          <ActionButton onClick={() => onRegenerate(id)}>
            <RotateCcw aria-hidden="true" className="size-3.5" strokeWidth={2} />
            Retry
          </ActionButton>
        </div>
      )}
    </article>
  );
});
