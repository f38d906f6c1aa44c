import { memo, useRef } from 'react';
import type { AssistantMessage, Reply } from '@/lib/chat/chat-state';
import { isCutShort } from '@/lib/chat/notice';
import { textOf, thinkingOf } from '@/lib/protocol/content';
import { AnswerIsWhole } from './answer-is-whole';
import { AnswerText } from './answer-text';
import { cleaning } from './cleaning';
import { ReplyFooter } from './reply-footer';
import { ReplyNotice } from './reply-notice';
import { Thinking } from './thinking';
import type { TurnActions } from './turn-actions';
import { WaitingLine } from './waiting-line';

type AssistantTurnProps = {
  readonly turn: Reply | AssistantMessage;
  readonly isLast: boolean;
  /** Whether it is in sight, or close to it, when the thread is opened. */
  readonly isNear: boolean;
  readonly siblingIds: readonly string[];
  readonly actions: TurnActions;
};

/** One answer of Claude, from the first sign of it to its end. */
export const AssistantTurn = memo(function AssistantTurn({
  turn,
  isLast,
  isNear,
  siblingIds,
  actions,
}: AssistantTurnProps) {
  const reply = 'phase' in turn ? turn : null;
  const message = 'end' in turn ? turn : null;
  const status = message?.end.status ?? 'streaming';
  const isCut = message !== null && isCutShort(message);
  const thinking = thinkingOf(turn.content);
  const text = textOf(turn.content);
  const bodyRef = useRef<HTMLDivElement>(null);
  const readHtml = () => {
    const answer = bodyRef.current?.querySelector(':scope > .answer');
    return answer ? cleaning.getSnapshot()?.copiedHtml(answer) : undefined;
  };
  return (
    <article
      aria-label="Claude"
      data-status={status}
      aria-busy={message === null}
      className={isLast ? undefined : 'far'}
    >
      <div
        key={turn.id}
        ref={bodyRef}
        className="stream flex min-h-7 flex-col gap-3"
        data-status={status}
        data-cut={isCut ? '' : undefined}
      >
        {message === null && <span aria-hidden="true" className="flow" />}
        {thinking && (
          <Thinking text={thinking} isRunning={reply?.phase.name === 'thinking'} thinkingMs={turn.thinkingMs} />
        )}
        {text && (
          <AnswerIsWhole value={status === 'complete' && !isCut}>
            <AnswerText id={turn.id} text={text} isStreaming={message === null} isNear={isNear} />
          </AnswerIsWhole>
        )}
        {reply && <WaitingLine reply={reply} />}
        {message && <ReplyNotice message={message} canAct={isLast} actions={actions} />}
      </div>
      {message && (
        <ReplyFooter message={message} siblingIds={siblingIds} text={text} actions={actions} readHtml={readHtml} />
      )}
    </article>
  );
});
