import { memo, useState } from 'react';
import type { ChatState, Message, Reply } from '@/lib/chat/chat-state';
import { isUnsent } from '@/lib/chat/notice';
import { textOf } from '@/lib/protocol/content';
import { AssistantTurn } from './assistant-turn';
import { JumpToLatest } from './jump-to-latest';
import { useCopiedSelection } from './use-copied-selection';
import { useFollowScroll } from './use-follow-scroll';

type ThreadProps = {
  readonly state: ChatState;
  /** How many of its records are damaged. */
  readonly unreadable: number;
  readonly onRetry: () => void;
  readonly onEdit: () => void;
  readonly onSend: (text: string) => void;
  readonly onJump: () => void;
};

/** The turns in order. The running reply and the message it becomes share a key, so nothing is drawn anew at its end. */
export function Thread({ state, unreadable, onRetry, onEdit, onSend, onJump }: ThreadProps) {
  const { scrollRef, contentRef, isAtBottom, scrollToEnd } = useFollowScroll(state.reply?.id);
  useCopiedSelection(scrollRef);
  const turns = state.reply ? [...state.messages, state.reply] : state.messages;
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
        <div ref={contentRef} className="column flex flex-col gap-7 pt-4 pb-10">
          {unreadable > 0 && (
            <p data-uncopied="" className="text-sm text-warning">
              {unreadable === 1 ? 'One message' : `${unreadable} messages`} of this chat could not be read and cannot be
              shown.
            </p>
          )}
          {turns.map((turn, index) =>
            'text' in turn ? (
              <UserTurn key={turn.id} text={turn.text} isUnsent={index > lastSent && index < turns.length - 1} />
            ) : (
              <AssistantTurn
                key={turn.id}
                turn={turn}
                isLast={index === turns.length - 1}
                isNear={index >= firstNear}
                onRetry={onRetry}
                onEdit={onEdit}
                onSend={onSend}
              />
            ),
          )}
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

/** Above this a question is a text to read, not a heading. */
const HEADING_CHARS = 280;

type UserTurnProps = { readonly text: string; readonly isUnsent: boolean };

const UserTurn = memo(function UserTurn({ text, isUnsent }: UserTurnProps) {
  const weight = text.length > HEADING_CHARS ? 'font-normal' : 'font-semibold';
  return (
    <article aria-label="You" className="mt-5 border-line border-t pt-7 first:mt-0 first:border-0 first:pt-2">
      <p
        dir="auto"
        className={`whitespace-pre-wrap text-pretty text-[1.0625rem] leading-normal [overflow-wrap:anywhere] ${weight} ${isUnsent ? 'text-muted' : ''}`}
      >
        {text}
      </p>
      {isUnsent && (
        <p data-uncopied="" className="mt-1 text-muted text-sm">
          Not sent
        </p>
      )}
    </article>
  );
});
