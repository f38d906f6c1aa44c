import type { ErrorCode } from '@/lib/protocol/chat-error';
import { textOf } from '@/lib/protocol/content';
import { assertNever } from './assert-never';
import type { AssistantMessage } from './chat-state';

/** Of an answer that is over, what a notice is about. */
type Ended = Pick<AssistantMessage, 'content' | 'end'>;

/** What a reader has to know about how a reply ended. `tone` says how loud to say it. */
export type Notice = {
  readonly tone: 'neutral' | 'warning' | 'error';
  readonly title: string;
  readonly detail?: string;
};

const STOP_NOTICES: ReadonlyMap<string, Notice> = new Map<string, Notice>(
  Object.entries({
    max_tokens: {
      tone: 'warning',
      title: 'Cut off',
      detail: 'The answer reached the length limit and is not complete.',
    },
    model_context_window_exceeded: {
      tone: 'warning',
      title: 'Cut off',
      detail: 'The conversation filled the model’s context window. The answer is not complete.',
    },
    refusal: {
      tone: 'neutral',
      title: 'Claude declined',
      detail: 'Claude did not answer this. Asking in another way may help.',
    },
    pause_turn: { tone: 'warning', title: 'Unfinished', detail: 'Claude paused in the middle of its turn.' },
    tool_use: { tone: 'warning', title: 'Unfinished', detail: 'Claude wanted to use a tool, and there is none here.' },
    stop_sequence: { tone: 'neutral', title: 'Stopped early', detail: 'The answer reached a stop sequence.' },
  }),
);

/** The notice under a reply; null where Claude ended its turn and said something. */
export function noticeOf({ end, content }: Ended): Notice | null {
  switch (end.status) {
    case 'complete':
      return noticeOfStop(end.stopReason, textOf(content).trim() !== '', content.length > 0);
    case 'stopped':
      return { tone: 'neutral', title: 'You stopped this answer' };
    case 'interrupted': {
      const where = textOf(content) === '' ? ' while thinking' : '';
      return { tone: 'error', title: `Interrupted${where}`, detail: end.error.message };
    }
    case 'failed':
      return { tone: 'error', title: 'No answer', detail: end.error.message };
    default:
      return assertNever(end);
  }
}

function noticeOfStop(stopReason: string, hasText: boolean, hasThinking: boolean): Notice | null {
  if (stopReason === 'max_tokens' && !hasText && hasThinking) {
    return { tone: 'warning', title: 'Cut off', detail: 'All tokens went to thinking; none were left for the answer.' };
  }
  if (stopReason !== 'end_turn') {
    return (
      STOP_NOTICES.get(stopReason) ?? {
        tone: 'warning',
        title: 'Stopped early',
        detail: `Claude stopped with “${stopReason}”.`,
      }
    );
  }
  return hasText ? null : { tone: 'neutral', title: 'Empty answer', detail: 'Claude ended its turn without any text.' };
}

/** Whether another try at the same question makes sense: not after a good answer, nor after a refusal. */
export function canRetry(attempt: Ended): boolean {
  const { end, content } = attempt;
  if (end.status === 'complete') return end.stopReason !== 'refusal' && textOf(content).trim() === '';
  if (end.status === 'stopped') return true;
  // With another model it can work.
  return end.error.retryable || end.error.code === 'model_unavailable';
}

/** Failures that are about the question: asking it again would only repeat them. */
const ABOUT_THE_QUESTION: readonly string[] = [
  'invalid_request',
  'request_rejected',
  'request_too_large',
  'conversation_too_long',
] satisfies ErrorCode[];

/** Whether the next step is another wording of the question: nothing was shown for this one. */
export function canEdit({ end, content }: Ended): boolean {
  if (content.length > 0) return false;
  return end.status === 'stopped' || (end.status === 'failed' && ABOUT_THE_QUESTION.includes(end.error.code));
}

/** Whether the conversation has become too long for the model: the next step is a new chat. */
export function needsNewChat({ end }: Pick<Ended, 'end'>): boolean {
  if (end.status === 'complete') return end.stopReason === 'model_context_window_exceeded';
  return 'error' in end && end.error.code === 'conversation_too_long';
}

/** Whether the question above it has never left the browser. */
export function isUnsent({ end }: Ended): boolean {
  return end.status === 'failed' && end.error.code === 'offline';
}

/** What Continue says. A new turn of the user: current models refuse to go on from a half-written turn of their own. */
export const CONTINUE_PROMPT = 'Continue exactly where you stopped.';

/** Whether there is an unfinished text to go on from. */
export function canContinue(message: Ended): boolean {
  if (textOf(message.content).trim() === '') return false;
  return message.end.status === 'stopped' || message.end.status === 'interrupted' || isCutShort(message);
}

/** Whether Claude ended a reply before its answer was finished. */
export function isCutShort({ end }: Pick<Ended, 'end'>): boolean {
  if (end.status !== 'complete') return false;
  return ['max_tokens', 'model_context_window_exceeded', 'pause_turn', 'tool_use'].includes(end.stopReason);
}
