import type { Attempt, ChatState, Reply, ReplyPhase, UserMessage } from './chat-state';
import { attemptsAt, pathTo, type StoredChat, type StoredMessage, type StoredReply, titleOf } from './history';

/** The conversation that was stored: its shown path, and the reply that ran. */
export function restoreChat({ chat, messages, reply }: StoredChat): ChatState {
  // A checkpoint that came too late can stand beside the whole reply.
  const over = messages.find(({ id, parentId }) => id === reply?.id && parentId === chat.leafId);
  const path = pathTo(over?.id ?? chat.leafId, messages);
  if (!reply || path.at(-1)?.id !== reply.parentId) return { messages: path, reply: null };
  const { chatId: _, parentId, ...stored } = reply;
  const connection = reply.connection === 'stopping' ? 'stopping' : 'open';
  const earlier = attemptsAt(parentId, messages);
  return { messages: path, reply: { ...stored, connection, phase: phaseOf(reply), earlier } };
}

/**
 * The turns of a conversation that are not stored yet, each with its parent, earlier attempts before the later ones: what was
 * retried before it could be stored is stored with the retry. `at` is the time of the first, in milliseconds.
 */
export function turnsToStore(
  chatId: string,
  { messages, reply }: ChatState,
  isStored: (id: string) => boolean,
  at: number,
): readonly StoredMessage[] {
  const turns: StoredMessage[] = [];
  const add = (message: UserMessage | Attempt, parentId: string | null) => {
    if (isStored(message.id)) return;
    const place = { chatId, parentId, createdAt: at + turns.length };
    if ('text' in message) turns.push({ ...message, ...place });
    else {
      const { id, content, thinkingMs, end } = message;
      turns.push({ id, role: 'assistant', content, thinkingMs, end, ...place });
    }
  };
  messages.forEach((message, index) => {
    const parentId = messages[index - 1]?.id ?? null;
    if (message.role === 'assistant') for (const attempt of message.earlier) add(attempt, parentId);
    add(message, parentId);
  });
  for (const attempt of reply?.earlier ?? []) add(attempt, messages.at(-1)?.id ?? null);
  return turns;
}

/** The ids of all turns of a conversation, earlier attempts included. */
export function turnIds(state: ChatState): ReadonlySet<string> {
  return new Set(turnsToStore('', state, () => false, 0).map(({ id }) => id));
}

/** Whether something was said in one conversation that the other one does not know. How far a reply has come does not count. */
export function knowsMore(one: ChatState, other: ChatState): boolean {
  const known = turnIds(other);
  const isReplyKnown = !one.reply || one.reply.id === other.reply?.id || known.has(one.reply.id);
  return !isReplyKnown || [...turnIds(one)].some((id) => !known.has(id));
}

/** The running reply as it is stored; null where none runs. */
export function replyToStore(chatId: string, { messages, reply }: ChatState): StoredReply | null {
  const question = messages.at(-1);
  if (!reply || !question) return null;
  const { phase: _, earlier: __, ...stored } = reply;
  return { ...stored, chatId, parentId: question.id };
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
    const messages = [...(known?.messages ?? []), ...turnsToStore(chatId, state, (id) => knownIds.has(id), at)];
    const leafId = state.messages.at(-1)?.id ?? null;
    const chat = known?.chat ?? { id: chatId, title: titleOfChat(state), createdAt: at, updatedAt: at, leafId };
    return { chat: { ...chat, leafId }, messages, reply: replyToStore(chatId, state) };
  });
  const wholeIds = new Set(whole.map(({ chat }) => chat.id));
  return [...whole, ...stored.filter(({ chat }) => !wholeIds.has(chat.id))];
}

/** The title of a chat that nobody has renamed: the first words of its first question. */
export function titleOfChat({ messages: [first] }: ChatState): string {
  return first?.role === 'user' ? titleOf(first.text) : '';
}
