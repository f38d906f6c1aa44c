import { messagesTo } from './branches';
import { type ChatState, type Message, NO_CHOICES } from './chat-state';

/**
 * A conversation of its own that begins like this one and ends with the given turn: one path, without what stands beside it
 * or was deleted. Its turns are copies, each with a new id. Empty where there is no such turn.
 */
export function forkOf(state: ChatState, messageId: string, newId: () => string): ChatState {
  const messages: Message[] = [];
  for (const message of messagesTo(state, messageId)) {
    messages.push({ ...message, id: newId(), parentId: messages.at(-1)?.id ?? null });
  }
  return { messages, reply: null, choices: { ...NO_CHOICES, settings: state.choices.settings } };
}
