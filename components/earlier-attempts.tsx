import type { Attempt } from '@/lib/chat/chat-state';
import { noticeOf } from '@/lib/chat/notice';
import { textOf, thinkingOf } from '@/lib/protocol/content';
import { AnswerText } from './answer-text';
import { Disclosure } from './disclosure';
import { Thinking } from './thinking';

/** What earlier tries had shown before they broke. Folded, so that it does not compete with the answer. */
export function EarlierAttempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  return attempts.map((attempt) => <EarlierAttempt key={attempt.id} attempt={attempt} />);
}

function EarlierAttempt({ attempt }: { readonly attempt: Attempt }) {
  const { id, content, end, thinkingMs } = attempt;
  const thinking = thinkingOf(content);
  const text = textOf(content);
  const how = end.status === 'stopped' ? 'stopped' : noticeOf(attempt)?.title.toLowerCase();
  return (
    <Disclosure label={`Earlier attempt, ${how ?? 'complete'}`}>
      <div className="stream flex flex-col gap-3" data-status={end.status}>
        {thinking && <Thinking text={thinking} isRunning={false} thinkingMs={thinkingMs} />}
        {text && <AnswerText id={id} text={text} isStreaming={false} />}
      </div>
    </Disclosure>
  );
}
