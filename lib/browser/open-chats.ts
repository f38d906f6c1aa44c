import type { Reply } from '@/lib/chat/chat-state';
import type { LastWords } from './last-words';
import type { SharedChat } from './shared-chat';

/** The chats that are open in this tab: the shown one, and those whose reply is running. */
export type OpenChats = {
  /** The chat of this name, as it is or newly opened; from now on it is the shown one. */
  readonly show: (chatId: string, open: () => SharedChat) => SharedChat;
  /** Opens a chat beside the shown one, where it is not open, as long as its reply runs. */
  readonly keep: (chatId: string, open: () => SharedChat) => void;
  /** A chat is there, or is known to be missing. Until then it is not closed for having no reply. */
  readonly settle: (chatId: string) => void;
  readonly isSettled: (chatId: string) => boolean;
  /** Closes a chat, whatever it does. */
  readonly close: (chatId: string) => void;
  readonly find: (chatId: string) => SharedChat | undefined;
  readonly ids: () => readonly string[];
  /** Stores of all of them what is not stored yet. */
  readonly flush: () => void;
  /** The chats of which not everything is stored yet, also those that were closed. */
  readonly unstored: () => LastWords['chats'];
};

type Entry = { readonly chat: SharedChat; readonly unsubscribe: () => void; isSettled: boolean };

/**
 * `onRunning` is called with the chats whose reply runs, whenever these are others; `onEnd` with the chat and its reply
 * when one has ended.
 */
export function createOpenChats(
  onRunning: (chatIds: readonly string[]) => void,
  onEnd: (chat: SharedChat, reply: Reply) => void = () => {},
): OpenChats {
  const entries = new Map<string, Entry>();
  /** Closed, and about to be stored. */
  const leaving = new Set<SharedChat>();
  let shownId: string | null = null;
  let running = '';

  function enter(chatId: string, open: () => SharedChat): SharedChat {
    const known = entries.get(chatId);
    if (known) return known.chat;
    const chat = open();
    let running = chat.getSnapshot().reply;
    const unsubscribe = chat.subscribe(() => {
      const ended = running;
      running = chat.getSnapshot().reply;
      if (ended && ended.id !== running?.id) onEnd(chat, ended);
      tidy();
    });
    entries.set(chatId, { chat, unsubscribe, isSettled: false });
    return chat;
  }

  function close(chatId: string): void {
    const entry = entries.get(chatId);
    if (entry) {
      entries.delete(chatId);
      entry.unsubscribe();
      leaving.add(entry.chat);
      void entry.chat.close().then(() => leaving.delete(entry.chat));
    }
    tidy();
  }

  /** Closes what nobody looks at and nothing happens in. */
  function tidy(): void {
    const ids = [...entries].filter(([, { chat }]) => chat.getSnapshot().reply).map(([chatId]) => chatId);
    for (const [chatId, { isSettled }] of entries) {
      if (isSettled && chatId !== shownId && !ids.includes(chatId)) close(chatId);
    }
    if (running === ids.join()) return;
    running = ids.join();
    onRunning(ids);
  }

  return {
    show: (chatId, open) => {
      shownId = chatId;
      const chat = enter(chatId, open);
      tidy();
      return chat;
    },
    keep: (chatId, open) => {
      enter(chatId, open);
    },
    settle: (chatId) => {
      const entry = entries.get(chatId);
      if (entry) entry.isSettled = true;
      tidy();
    },
    isSettled: (chatId) => entries.get(chatId)?.isSettled ?? false,
    close,
    find: (chatId) => entries.get(chatId)?.chat,
    ids: () => [...entries.keys()],
    flush: () => {
      for (const { chat } of entries.values()) void chat.flush();
    },
    unstored: () =>
      [...leaving, ...[...entries.values()].map(({ chat }) => chat)].flatMap((chat) => {
        const unstored = chat.unstored();
        return unstored ? [{ chatId: chat.id, ...unstored }] : [];
      }),
  };
}
