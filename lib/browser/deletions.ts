import type { Chat } from '@/lib/chat/history';
import type { ChatStore } from './chat-store';
import type { Schedule } from './schedule';
import { unheard } from './unheard';

/** A short word about what just happened. `deletedChat` can be brought back. */
export type Toast = { readonly text: string; readonly deletedChat?: Chat };

/** How long a toast stays, and with it the way back from a deletion. */
export const TOAST_MS = 8000;

/** Deletes chats, so that a person can think again: as long as the toast says so, and not much longer, they are kept. */
export type Deletions = {
  readonly say: (toast: Toast | null) => void;
  readonly delete: (chat: Chat) => void;
  /** Settles when the chat is back; null where there was none to bring back. */
  readonly undo: (toast: Toast | null) => Promise<Chat | null>;
  /** Removes what earlier pages have deleted and not removed. */
  readonly tidy: () => void;
};

type DeletionsOptions = {
  readonly store: Pick<ChatStore, 'deleteChat' | 'restoreChat' | 'purgeDeleted'>;
  readonly onToast: (toast: Toast | null) => void;
  readonly schedule: Schedule;
  readonly now: () => number;
};

export function createDeletions({ store, onToast, schedule, now }: DeletionsOptions): Deletions {
  let cancelToast = () => {};

  function say(toast: Toast | null): void {
    cancelToast();
    if (toast) cancelToast = schedule(() => onToast(null), TOAST_MS);
    onToast(toast);
  }

  /** Nothing younger: another tab may still offer to bring that back. */
  const tidy = () => unheard(store.purgeDeleted(now() - TOAST_MS));

  return {
    say,
    delete: (chat) => {
      unheard(store.deleteChat(chat.id, now()));
      schedule(tidy, TOAST_MS + 1000);
      say({ text: 'Chat deleted.', deletedChat: chat });
    },
    undo: async (toast) => {
      const chat = toast?.deletedChat;
      if (!chat) return null;
      say(null);
      return store.restoreChat(chat.id).then(
        () => chat,
        () => null,
      );
    },
    tidy,
  };
}
