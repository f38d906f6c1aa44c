import { memo, useEffect } from 'react';
import { useStickToBottom } from 'use-stick-to-bottom';
import type { ChatState } from '@/lib/chat/chat-state';
import { AssistantTurn } from './assistant-turn';
import { JumpToLatest } from './jump-to-latest';

type ThreadProps = { readonly state: ChatState; readonly onRetry: () => void; readonly onSend: (text: string) => void };

/**
 * The turns in order. The view follows the answer unless the reader scrolled away. The running reply and the message it
 * becomes share a key, so nothing is drawn anew at its end.
 */
export function Thread({ state, onRetry, onSend }: ThreadProps) {
  const { scrollRef, contentRef, isAtBottom, scrollToBottom } = useStickToBottom({
    initial: 'instant',
    resize: 'instant',
  });
  const turns = state.reply ? [...state.messages, state.reply] : state.messages;
  const replyId = state.reply?.id;

  useEffect(() => {
    if (replyId) void scrollToBottom('instant');
  }, [replyId, scrollToBottom]);

  return (
    <>
      <div ref={scrollRef} className="h-full overflow-y-auto overscroll-contain">
        <div ref={contentRef} className="mx-auto flex w-full max-w-[46rem] flex-col gap-7 px-5 pt-4 pb-10 sm:px-8">
          {turns.map((turn, index) =>
            'text' in turn ? (
              <UserTurn key={turn.id} text={turn.text} />
            ) : (
              <AssistantTurn
                key={turn.id}
                turn={turn}
                isLast={index === turns.length - 1}
                onRetry={onRetry}
                onSend={onSend}
              />
            ),
          )}
        </div>
      </div>
      {!isAtBottom && <JumpToLatest onJump={() => void scrollToBottom('instant')} />}
    </>
  );
}

const UserTurn = memo(function UserTurn({ text }: { readonly text: string }) {
  return (
    <article aria-label="You" className="mt-5 border-line border-t pt-7 first:mt-0 first:border-0 first:pt-2">
      <p
        dir="auto"
        className="whitespace-pre-wrap text-pretty font-semibold text-[1.0625rem] leading-normal [overflow-wrap:anywhere]"
      >
        {text}
      </p>
    </article>
  );
});
