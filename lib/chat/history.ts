import type { AssistantMessage, Attempt, Message, Reply, UserMessage } from './chat-state';

/** A stored conversation without its messages. Times are the browser's, in milliseconds. */
export type Chat = {
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  /** Of its newest turn: what the list of chats is sorted by. */
  readonly updatedAt: number;
  /** The newest message of the path that is shown; null before the first. */
  readonly leafId: string | null;
};

/**
 * One turn as it is stored. Messages are a tree, each knowing its parent: another attempt at an answer, or another wording
 * of a question, stands beside the first one, and nothing that was said is ever written over.
 */
export type StoredMessage = (UserMessage | Omit<AssistantMessage, 'earlier'>) & {
  readonly chatId: string;
  readonly parentId: string | null;
  readonly createdAt: number;
};

/** The running reply of a chat as it was when it was last stored. Its parent is the question. */
export type StoredReply = Omit<Reply, 'earlier' | 'phase'> & { readonly chatId: string; readonly parentId: string };

/** What is stored of one chat: all its turns, also those that are not shown. */
export type StoredChat = {
  readonly chat: Chat;
  readonly messages: readonly StoredMessage[];
  readonly reply: StoredReply | null;
};

/** How long a title may be, in characters, with the mark that something was left out. */
const MAX_TITLE_CHARS = 60;

/** A title from the first words of a text, cut between two words where that is possible. */
export function titleOf(text: string): string {
  const words = text.trim().replace(/\s+/g, ' ');
  if (words.length <= MAX_TITLE_CHARS) return words;
  const start = words.slice(0, MAX_TITLE_CHARS - 1);
  const end = start.lastIndexOf(' ');
  return `${start.slice(0, end > MAX_TITLE_CHARS / 2 ? end : undefined).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * The turns from the first message to this one, with the earlier attempts beside each answer. Where a message is missing on
 * the way, the path begins behind it.
 */
export function pathTo(leafId: string | null, messages: readonly StoredMessage[]): readonly Message[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: Message[] = [];
  const seen = new Set<string>();
  for (let id = leafId; id !== null && !seen.has(id); ) {
    const message = byId.get(id);
    if (!message) break;
    seen.add(id);
    path.unshift(toMessage(message, messages));
    id = message.parentId;
  }
  return path;
}

/** The attempts at answering a question that showed something, oldest first; those before `next`, where it is given. */
export function attemptsAt(
  questionId: string | null,
  messages: readonly StoredMessage[],
  next?: StoredMessage,
): readonly Attempt[] {
  return messages
    .filter((message) => message.parentId === questionId && (next === undefined || byAge(message, next) < 0))
    .filter((message) => message.role === 'assistant')
    .filter(({ content }) => content.length > 0)
    .toSorted(byAge)
    .map(({ id, content, thinkingMs, end }) => ({ id, content, thinkingMs, end }));
}

/** Two of the same millisecond have an order as well, always the same: else neither would be seen beside the other. */
function byAge(one: StoredMessage, other: StoredMessage): number {
  if (one.createdAt !== other.createdAt) return one.createdAt - other.createdAt;
  return Number(one.id > other.id) - Number(one.id < other.id);
}

function toMessage(message: StoredMessage, messages: readonly StoredMessage[]): Message {
  if (message.role === 'user') return { id: message.id, role: 'user', text: message.text };
  const { id, content, thinkingMs, end, parentId } = message;
  return { id, role: 'assistant', content, thinkingMs, end, earlier: attemptsAt(parentId, messages, message) };
}
