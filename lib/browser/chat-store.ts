import type { Attachment } from '@/lib/chat/attachment';
import type { ChatChoices } from '@/lib/chat/chat-state';
import type { Chat, StoredChat, StoredMessage, StoredReply } from '@/lib/chat/history';
import type { Prompt } from '@/lib/chat/prompts';

/** What changed in a chat. It is written whole or not at all. */
export type ChatChange = {
  readonly chatId: string;
  /** The first words of what is left of it; a chat that has a title of its own keeps that. */
  readonly title: string;
  /** Milliseconds. */
  readonly at: number;
  /** Turns that are new. One that is stored already stays as it is: the same id is the same turn. */
  readonly messages: readonly StoredMessage[];
  /** Whether these are all turns of the chat: only then it can begin with them. */
  readonly isWhole: boolean;
  readonly choices: ChatChoices;
  /** Takes the place of the running reply that is stored; null where none runs. */
  readonly reply: StoredReply | null;
};

/** What was read of a chat. `unreadable` counts the records that were left out because they are damaged. */
export type ReadChat = StoredChat & { readonly unreadable: number };

/** The name under which the draft of a chat that is not begun yet is kept. */
export const NEW_CHAT = 'new';

/** The content of an attachment. `chatId` names the chat, or the draft, that it is with. */
export type StoredFile = { readonly id: string; readonly chatId: string; readonly blob: Blob };

/**
 * Keeps chats, drafts, choices and prompts. Methods reject with a `StoreError`; what was stored before stays as it was. A damaged
 * record is left out, and never takes another one with it.
 */
export type ChatStore = {
  /** Tells the chats, newest first, now and after every change, by whichever tab. Returns how to leave. */
  readonly watchChats: (listener: (chats: readonly Chat[]) => void) => () => void;
  /** Null where there is no such chat, or it is deleted. */
  readonly readChat: (chatId: string) => Promise<ReadChat | null>;
  /** The names of the chats whose reply was running when they were last stored. */
  readonly listRunning: () => Promise<readonly string[]>;
  /** A change of a deleted chat is left out: a late write brings nothing back. The files that its messages name are theirs now. */
  readonly writeChange: (change: ChatChange) => Promise<void>;
  readonly renameChat: (chatId: string, title: string) => Promise<void>;
  /** Gives a title to a chat that has none of its own. */
  readonly titleChat: (chatId: string, title: string) => Promise<void>;
  /** Hides a chat at once. It can be restored until it is purged. */
  readonly deleteChat: (chatId: string, at: number) => Promise<void>;
  readonly restoreChat: (chatId: string) => Promise<void>;
  /** Removes for good the chats that were deleted before this time, the words of turns that were, and files that were dropped. */
  readonly purgeDeleted: (before: number) => Promise<void>;
  /** Empty where there is none. */
  readonly readDraft: (chatId: string) => Promise<string>;
  /** An empty draft is none. */
  readonly writeDraft: (chatId: string, text: string) => Promise<void>;
  readonly readDraftFiles: (chatId: string) => Promise<readonly Attachment[]>;
  readonly writeDraftFiles: (chatId: string, attachments: readonly Attachment[]) => Promise<void>;
  /** Keeps a file that no message names yet. `at`: milliseconds. */
  readonly writeFile: (file: StoredFile, at: number) => Promise<void>;
  /** Null where there is none. */
  readonly readFile: (id: string) => Promise<Blob | null>;
  /** Removes what was kept before this time and is named by neither a message nor a draft. */
  readonly tidyFiles: (before: number) => Promise<void>;
  readonly readSetting: (name: string) => Promise<string | null>;
  readonly writeSetting: (name: string, value: string) => Promise<void>;
  /** Tells the prompts, in no order, now and after every change, by whichever tab. Returns how to leave. */
  readonly watchPrompts: (listener: (prompts: readonly Prompt[]) => void) => () => void;
  /** Takes the place of the one with the same id. */
  readonly writePrompt: (prompt: Prompt) => Promise<void>;
  readonly deletePrompt: (id: string) => Promise<void>;
  /** Everything that is stored, for a file. */
  readonly readAll: () => Promise<readonly StoredChat[]>;
};

/**
 * Why nothing could be stored: `full`: the browser gives no more room. `outdated`: a newer version of this application, in
 * another tab, has taken over. `unavailable`: the browser gives no storage at all, or it broke.
 */
export type StoreProblem = 'full' | 'outdated' | 'unavailable';

export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly problem: StoreProblem,
    cause?: unknown,
  ) {
    super(`the history cannot be stored: ${problem}`, { cause });
  }
}
