import { findMessage } from './branches';
import type { ChatState, Reply, ReplyPhase } from './chat-state';
import { type StoredChat, type StoredMessage, type StoredReply, titleOf } from './history';

/** The conversation that was stored, and the reply that ran. */
export function restoreChat({ chat, messages: stored, reply }: StoredChat): ChatState {
  const messages = stored.map(({ chatId: _, ...message }) => message);
  const state = { messages, reply: null, choices: chat.choices };
  // A checkpoint that came too late can stand beside the whole reply.
  if (!reply || findMessage(messages, reply.id) || !findMessage(messages, reply.parentId)) return state;
  const { chatId: _, ...running } = reply;
  const connection = reply.connection === 'stopping' ? 'stopping' : 'open';
  return { ...state, reply: { ...running, connection, phase: phaseOf(reply) } };
}

/** The turns of a conversation that are not stored yet. */
export function turnsToStore(
  chatId: string,
  { messages }: ChatState,
  isStored: (id: string) => boolean,
): readonly StoredMessage[] {
  return messages.filter(({ id }) => !isStored(id)).map((message) => ({ ...message, chatId }));
}

/**
 * Whether something was said or decided in one conversation that the other one does not know. How far a reply has come does
 * not count.
 */
export function knowsMore(one: ChatState, other: ChatState): boolean {
  if (one.choices.decidedAt > other.choices.decidedAt) return true;
  const isSaid = (id: string) => findMessage(other.messages, id) !== undefined;
  const isReplyKnown = !one.reply || one.reply.id === other.reply?.id || isSaid(one.reply.id);
  return !isReplyKnown || one.messages.some(({ id }) => !isSaid(id));
}

/** The running reply as it is stored; null where none runs. */
export function replyToStore(chatId: string, { reply }: ChatState): StoredReply | null {
  if (!reply) return null;
  const { phase: _, ...stored } = reply;
  return { ...stored, chatId };
}

function phaseOf({ content }: Pick<Reply, 'content'>): ReplyPhase {
  const last = content.at(-1);
  if (!last) return { name: 'sending' };
  return { name: last.type === 'text' ? 'streaming' : 'thinking' };
}

/** What is stored, and what is not yet in its place. `at` is the time in milliseconds. */
export function withUnstored(
  stored: readonly StoredChat[],
  unstored: readonly { readonly chatId: string; readonly state: ChatState }[],
  at: number,
): readonly StoredChat[] {
  const whole = unstored.map(({ chatId, state }): StoredChat => {
    const known = stored.find(({ chat }) => chat.id === chatId);
    const knownIds = new Set(known?.messages.map(({ id }) => id));
    const messages = [...(known?.messages ?? []), ...turnsToStore(chatId, state, (id) => knownIds.has(id))];
    const { choices } = state;
    const chat = known?.chat ?? { id: chatId, title: '', hasOwnTitle: false, createdAt: at, updatedAt: at };
    const title = chat.hasOwnTitle ? chat.title : titleOfChat(state);
    return { chat: { ...chat, title, choices }, messages, reply: replyToStore(chatId, state) };
  });
  const wholeIds = new Set(whole.map(({ chat }) => chat.id));
  return [...whole, ...stored.filter(({ chat }) => !wholeIds.has(chat.id))];
}

/**
 * The title of a chat that nobody has renamed: the first words of its first question that is not deleted, or the name of the
 * first file of that. Empty where there is none.
 */
export function titleOfChat({ messages, choices }: Pick<ChatState, 'messages' | 'choices'>): string {
  const first = messages.find(({ id, role }) => role === 'user' && !Object.hasOwn(choices.deleted, id));
  return first?.role === 'user' ? titleOf(first.text) || titleOf(first.attachments?.[0]?.name ?? '') : '';
}
