import type { RequestMessage } from '@/lib/protocol/chat-request';
import { textOf } from '@/lib/protocol/content';
import type { AssistantMessage, Message } from './chat-state';

/**
 * What Claude is told of a conversation: turns that alternate, begin and end with the user. Only text goes back, never
 * thinking. A question whose reply brought no text is joined with the next one. A refused turn is left out together with
 * its question, and with what was joined to that, as the API asks for: it would be refused again.
 */
export function toRequestMessages(messages: readonly Message[]): readonly RequestMessage[] {
  const turns: { role: RequestMessage['role']; content: string }[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === 'user') {
      if (last?.role === 'user') last.content += `\n\n${message.text}`;
      else turns.push({ role: 'user', content: message.text });
    } else if (isRefused(message)) {
      if (last?.role === 'user') turns.pop();
    } else if (textOf(message.content).trim() !== '') {
      turns.push({ role: 'assistant', content: textOf(message.content) });
    }
  }
  return turns;
}

function isRefused({ end }: AssistantMessage): boolean {
  return end.status === 'complete' && end.stopReason === 'refusal';
}
