import type { ChatChoices, Message, Reply } from './chat-state';

/** A stored conversation without its messages. Times are the browser's, in milliseconds. */
export type Chat = {
  readonly id: string;
  readonly title: string;
  /** Whether somebody gave or wrote it; else it is the first words of what was asked first. */
  readonly hasOwnTitle: boolean;
  readonly createdAt: number;
  /** Of its newest turn: what the list of chats is sorted by. */
  readonly updatedAt: number;
  readonly choices: ChatChoices;
};

/** One turn as it is stored. Nothing that was said is ever written over. */
export type StoredMessage = Message & { readonly chatId: string };

/** The running reply of a chat as it was when it was last stored. */
export type StoredReply = Omit<Reply, 'phase'> & { readonly chatId: string };

/** What is stored of one chat: all its turns, oldest first, also those that are not shown. */
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
