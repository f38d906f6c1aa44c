import { useState } from 'react';
import type { PathTurn } from '@/lib/chat/branches';
import type { Message, Reply } from '@/lib/chat/chat-state';
import { isUnsent } from '@/lib/chat/notice';
import { textOf } from '@/lib/protocol/content';
import { AssistantTurn } from './assistant-turn';
import { DeletedTurn } from './deleted-turn';
import { JumpToLatest } from './jump-to-latest';
import type { QuestionEditorProps } from './question-editor';
import type { TurnActions } from './turn-actions';
import { useCopiedSelection } from './use-copied-selection';
import { useFollowScroll } from './use-follow-scroll';
import { UserTurn } from './user-turn';

type ThreadProps = {
  readonly path: readonly PathTurn[];
  /** What is shown of it, in the same order. */
  readonly turns: readonly (Message | Reply)[];
  /** How many of its records are damaged. */
  readonly unreadable: number;
  readonly actions: TurnActions;
  /** The question that is being edited. */
  readonly editedId: string | undefined;
  readonly editor: QuestionEditorProps;
  readonly onJump: () => void;
};

/**
 * The turns in order. Each is drawn in the place behind the turn before it: the running reply and the message that it becomes
 * share it, so nothing is drawn anew at its end, and so do the turns that can be shown in place of one another.
 */
export function Thread({ path, turns, unreadable, actions, editedId, editor, onJump }: ThreadProps) {
  const last = turns.at(-1);
  const runningId = last && 'phase' in last ? last.id : undefined;
  const { scrollRef, contentRef, isAtBottom, scrollToEnd } = useFollowScroll(runningId);
  useCopiedSelection(scrollRef);
  // A question that could not be sent goes along with the next one that can.
  const lastSent = turns.findLastIndex((turn) => !('text' in turn || ('end' in turn && isUnsent(turn))));
  const [firstNear] = useState(() => firstNearOf(turns));
  const jump = () => {
    scrollToEnd();
    onJump();
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section ref={scrollRef} aria-label="Messages" tabIndex={0} className="view">
        <div
          ref={contentRef}
          data-running={runningId === undefined ? undefined : ''}
          className="column flex flex-col gap-7 pt-4 pb-10"
        >
          {unreadable > 0 && (
            <p data-uncopied="" className="text-sm text-warning">
              {unreadable === 1 ? 'One message' : `${unreadable} messages`} of this chat could not be read and cannot be
              shown.
            </p>
          )}
          {turns.map((turn, index) => {
            const { siblingIds = [], isDeleted = false } = path[index] ?? {};
            const isLast = index === turns.length - 1;
            const key = path[index - 1]?.id ?? 'first';
            if (isDeleted) {
              if (path[index - 1]?.isDeleted && siblingIds.length < 2) return null;
              return <DeletedTurn key={key} id={turn.id} siblingIds={siblingIds} onChoose={actions.onChoose} />;
            }
            return 'text' in turn ? (
              <UserTurn
                key={key}
                message={turn}
                siblingIds={siblingIds}
                isUnsent={index > lastSent && !isLast}
                isUnanswered={isLast}
                editor={turn.id === editedId ? editor : null}
                actions={actions}
              />
            ) : (
              <AssistantTurn
                key={key}
                turn={turn}
                isLast={isLast}
                isNear={index >= firstNear}
                siblingIds={siblingIds}
                actions={actions}
              />
            );
          })}
        </div>
      </section>
      {!isAtBottom && <JumpToLatest onJump={jump} />}
    </>
  );
}

/** No more of a text fits on a pixel of the column's height, however dense it is. */
const CHARS_PER_PIXEL = 3;

/** What a turn takes beside its text: its margins and its footer. */
const CHARS_AROUND = 300;

/** The first of the last turns that together fill a window: a thread opens at its end. */
function firstNearOf(turns: readonly (Message | Reply)[]): number {
  let room = innerHeight * CHARS_PER_PIXEL;
  return turns.findLastIndex((turn) => {
    room -= CHARS_AROUND + ('text' in turn ? turn.text : textOf(turn.content)).length;
    return room < 0;
  });
}
