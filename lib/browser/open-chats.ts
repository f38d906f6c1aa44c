import type { LastWords } from './last-words';
import type { SharedChat } from './shared-chat';

/** The chats that are open in this tab: the shown one, and those whose reply is still running. */
export type OpenChats = {
  /** The chat of this name, as it is or newly opened; from now on it is the shown one. */
  readonly show: (chatId: string, open: () => SharedChat) => SharedChat;
  /** Closes a chat, whatever it does. */
  readonly close: (chatId: string) => void;
  readonly find: (chatId: string) => SharedChat | undefined;
  /** Stores of all of them what is not stored yet. */
  readonly flush: () => void;
  /** The chats of which not everything is stored yet. */
  readonly unstored: () => LastWords['chats'];
};

/** `onRunning` is called with the chats whose reply runs, whenever these are others. */
export function createOpenChats(onRunning: (chatIds: readonly string[]) => void): OpenChats {
  const chats = new Map<string, { readonly chat: SharedChat; readonly unsubscribe: () => void }>();
  let shownId: string | null = null;
  let running = '';

  function close(chatId: string): void {
    const entry = chats.get(chatId);
    chats.delete(chatId);
    entry?.unsubscribe();
    entry?.chat.close();
    tidy();
  }

  /** Closes what nobody looks at and nothing happens in. */
  function tidy(): void {
    const ids = [...chats.values()].filter(({ chat }) => chat.getSnapshot().reply).map(({ chat }) => chat.id);
    for (const chatId of chats.keys()) if (chatId !== shownId && !ids.includes(chatId)) close(chatId);
    if (running === ids.join()) return;
    running = ids.join();
    onRunning(ids);
  }

  return {
    show: (chatId, open) => {
      shownId = chatId;
      const chat = chats.get(chatId)?.chat ?? open();
      if (!chats.has(chatId)) chats.set(chatId, { chat, unsubscribe: chat.subscribe(tidy) });
      tidy();
      return chat;
    },
    close,
    find: (chatId) => chats.get(chatId)?.chat,
    flush: () => {
      for (const { chat } of chats.values()) void chat.flush();
    },
    unstored: () =>
      [...chats.values()].flatMap(({ chat }) => {
        const state = chat.unstored();
        return state ? [{ chatId: chat.id, state }] : [];
      }),
  };
}
