import type { StoredMessage, StoredReply } from '@/lib/chat/history';
import type { Prompt } from '@/lib/chat/prompts';
import type { ChatStore } from './chat-store';
import { editKey } from './edit-draft';
import { fileIdsOf, ownersOf, unqueuedFileIds } from './file-owners';
import {
  assembleChats,
  type ChatRecord,
  chatAfter,
  type DraftRecord,
  deletedBefore,
  type FileRecord,
  hasWords,
  isKept,
  shownChats,
  withoutWords,
} from './stored-records';

/**
 * A history that lives as long as the page, for a browser that gives no storage. Never rejects. Records are kept as they
 * are given: they are immutable.
 */
export function createMemoryStore(): ChatStore {
  const chats = new Map<string, ChatRecord>();
  const messages = new Map<string, StoredMessage>();
  const replies = new Map<string, StoredReply>();
  const drafts = new Map<string, DraftRecord>();
  const files = new Map<string, FileRecord>();
  const settings = new Map<string, string>();
  const prompts = new Map<string, Prompt>();
  const chatWatch = createWatch(() => newestFirst());
  const promptWatch = createWatch(() => [...prompts.values()]);

  const newestFirst = () => shownChats([...chats.values()].toSorted(byNewest));
  const assemble = (shown: readonly ChatRecord[]) =>
    assembleChats(shown, [...messages.values()], [...replies.values()]);
  const putChat = (chat: ChatRecord) => {
    chats.set(chat.id, chat);
    chatWatch.tell();
  };
  const updateDraft = (chatId: string, changes: Partial<DraftRecord>) => {
    const draft = { ...(drafts.get(chatId) ?? { chatId, text: '' }), ...changes };
    if (draft.text === '' && !draft.attachments?.length) drafts.delete(chatId);
    else drafts.set(chatId, draft);
  };
  const updateChat = (chatId: string, changes: Partial<ChatRecord>) => {
    const chat = chats.get(chatId);
    if (chat) putChat({ ...chat, ...changes });
  };

  /** As in the database: what something names stays, and is that one's. */
  const removeFiles = (ids: readonly string[]) => {
    const owners = ownersOf([...drafts.values()], [...chats.values()], [...messages.values()]);
    for (const id of ids) {
      const [file, chatId] = [files.get(id), owners.get(id)];
      if (file && chatId !== undefined) files.set(id, { ...file, chatId, isDropped: undefined });
      else files.delete(id);
    }
  };

  return {
    watchChats: chatWatch.watch,
    readChat: async (chatId) => {
      const chat = chats.get(chatId);
      const [found] = assemble(shownChats(chat ? [chat] : []));
      return found ? { ...found, unreadable: 0 } : null;
    },
    listRunning: async () => shownChats([...replies.keys()].map((id) => chats.get(id))).map(({ id }) => id),
    writeChange: async (change) => {
      const stored = chats.get(change.chatId);
      const chat = chatAfter(change, stored);
      if (!chat) return;
      for (const message of change.messages) {
        const known = messages.get(message.id);
        if (!isKept(known, change))
          messages.set(message.id, known ? { ...message, createdAt: known.createdAt } : message);
      }
      for (const id of unqueuedFileIds(stored, chat)) {
        const file = files.get(id);
        if (file) files.set(id, { ...file, unsentSince: change.at, isDropped: true });
      }
      for (const id of fileIdsOf([...change.messages, ...chat.choices.queue])) {
        const file = files.get(id);
        if (file) files.set(id, { id, chatId: chat.id, blob: file.blob });
      }
      replies.delete(chat.id);
      if (change.reply) replies.set(chat.id, change.reply);
      if (chat !== stored) putChat(chat);
    },
    renameChat: async (chatId, title) => updateChat(chatId, { title, hasOwnTitle: true }),
    titleChat: async (chatId, title) => {
      if (chats.get(chatId)?.hasOwnTitle === false) updateChat(chatId, { title, hasOwnTitle: true });
    },
    deleteChat: async (chatId, at) => updateChat(chatId, { deletedAt: at }),
    restoreChat: async (chatId) => updateChat(chatId, { deletedAt: undefined }),
    purgeDeleted: async (before) => {
      const gone = [...chats.values()].filter(({ deletedAt }) => deletedAt !== undefined && deletedAt < before);
      for (const { id } of gone) {
        for (const table of [chats, replies, drafts]) table.delete(id);
        drafts.delete(editKey(id));
        for (const message of [...messages.values()]) if (message.chatId === id) messages.delete(message.id);
      }
      const left = [...files.values()].filter(
        ({ chatId, isDropped, unsentSince = before }) =>
          gone.some(({ id }) => id === chatId) || (isDropped && unsentSince < before),
      );
      const toErase = shownChats([...chats.values()]).flatMap((chat) => deletedBefore(chat, before));
      const erased = toErase.flatMap((id) => messages.get(id) ?? []).filter(hasWords);
      for (const message of erased) messages.set(message.id, withoutWords(message));
      removeFiles([...left.map(({ id }) => id), ...fileIdsOf(erased)]);
    },
    readDraft: async (chatId) => drafts.get(chatId)?.text ?? '',
    writeDraft: async (chatId, text) => updateDraft(chatId, { text }),
    readDraftFiles: async (chatId) => drafts.get(chatId)?.attachments ?? [],
    writeDraftFiles: async (chatId, attachments) => updateDraft(chatId, { attachments }),
    writeFile: async (file, at) => {
      files.set(file.id, { ...file, unsentSince: at });
    },
    readFile: async (id) => files.get(id)?.blob ?? null,
    tidyFiles: async (before) => {
      const named = new Set([
        ...[...drafts.values()].flatMap(({ attachments = [] }) => attachments.map(({ id }) => id)),
        ...fileIdsOf([...messages.values()]),
      ]);
      for (const { id, unsentSince = before, isDropped } of [...files.values()]) {
        if (unsentSince < before && !isDropped && !named.has(id)) files.delete(id);
      }
    },
    readSetting: async (name) => settings.get(name) ?? null,
    writeSetting: async (name, value) => {
      settings.set(name, value);
    },
    watchPrompts: promptWatch.watch,
    writePrompt: async (prompt) => {
      prompts.set(prompt.id, prompt);
      promptWatch.tell();
    },
    deletePrompt: async (id) => {
      prompts.delete(id);
      promptWatch.tell();
    },
    readAll: async () => assemble(newestFirst()),
  };
}

/** Tells whoever watches, soon and never at once, as a database does. */
function createWatch<Value>(read: () => Value) {
  const tellers = new Set<() => void>();
  return {
    tell: () => {
      for (const tell of tellers) queueMicrotask(tell);
    },
    watch: (listener: (value: Value) => void) => {
      const tell = () => {
        if (tellers.has(tell)) listener(read());
      };
      tellers.add(tell);
      queueMicrotask(tell);
      return () => {
        tellers.delete(tell);
      };
    },
  };
}

/** As an index of IndexedDB that is walked backwards: of two with the same time, the one with the greater key comes first. */
function byNewest(one: ChatRecord, other: ChatRecord): number {
  return other.updatedAt - one.updatedAt || (one.id < other.id ? 1 : -1);
}
