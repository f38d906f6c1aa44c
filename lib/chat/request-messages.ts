import { textOf } from '@/lib/protocol/content';
import type { AssistantMessage, Message, UserMessage } from './chat-state';
import { leftFilesOf, type RequestTurn, toUserContent } from './user-content';

/**
 * What Claude is told of a conversation: turns that alternate, begin and end with the user. Only text goes back, never
 * thinking. A question whose reply brought no text is joined with the next one. A refused turn is left out together with
 * its question, as the API asks for: it would be refused again. So is an answer whose question could not be read.
 */
export function toRequestMessages(messages: readonly Message[]): readonly RequestTurn[] {
  const turns: RequestTurn[] = [];
  const isLeft = leftFilesOf(messages);
  let unanswered: UserMessage[] = [];
  for (const message of messages) {
    if (message.role === 'user') {
      unanswered.push(message);
    } else if (isRefused(message)) {
      unanswered.pop();
    } else if (unanswered.length > 0 && textOf(message.content).trim() !== '') {
      turns.push({ role: 'user', content: toUserContent(unanswered, isLeft) });
      turns.push({ role: 'assistant', content: textOf(message.content) });
      unanswered = [];
    }
  }
  if (unanswered.length > 0) turns.push({ role: 'user', content: toUserContent(unanswered, isLeft) });
  return turns;
}

function isRefused({ end }: AssistantMessage): boolean {
  return end.status === 'complete' && end.stopReason === 'refusal';
}
