import type { ChatStore } from './chat-store';
import type { Schedule } from './schedule';
import { unheard } from './unheard';

/** A short word about what just happened. `deletedIds` are chats that can be brought back, `restore` brings back turns of one. */
export type Toast = { readonly text: string; readonly deletedIds?: readonly string[]; readonly restore?: () => void };

export const canUndo = ({ deletedIds, restore }: Toast) => deletedIds !== undefined || restore !== undefined;

/** How long a toast stays, and with it the way back from a deletion. */
export const TOAST_MS = 8000;

/** Deletes, so that a person can think again: as long as the toast says so, and not much longer, what is deleted is kept. */
export type Deletions = {
  readonly say: (toast: Toast | null) => void;
  /** Keeps the toast for as long as its reader is at it. */
  readonly hold: (isHeld: boolean) => void;
  readonly delete: (chatId: string) => void;
  /** Brings back what the toast says. Settles with the chats that are back. */
  readonly undo: () => Promise<readonly string[]>;
  /** Removes what was deleted long enough ago. */
  readonly tidy: () => void;
};

type DeletionsOptions = {
  readonly store: Pick<ChatStore, 'deleteChat' | 'restoreChat' | 'purgeDeleted'>;
  readonly onToast: (toast: Toast | null) => void;
  readonly schedule: Schedule;
  readonly now: () => number;
};

export function createDeletions({ store, onToast, schedule, now }: DeletionsOptions): Deletions {
  let shown: Toast | null = null;
  let cancelEnd = () => {};

  /** Nothing younger: another tab may still offer to bring that back. */
  const tidy = () => unheard(store.purgeDeleted(now() - TOAST_MS));

  function say(toast: Toast | null): void {
    if (shown && canUndo(shown) && !toast?.deletedIds) schedule(tidy, TOAST_MS + 1000);
    shown = toast;
    hold(false);
    onToast(toast);
  }

  function hold(isHeld: boolean): void {
    cancelEnd();
    if (shown && !isHeld) cancelEnd = schedule(() => say(null), TOAST_MS);
  }

  return {
    say,
    hold,
    delete: (chatId) => {
      unheard(store.deleteChat(chatId, now()));
      const deletedIds = [...(shown?.deletedIds ?? []), chatId];
      say({ text: deletedIds.length === 1 ? 'Chat deleted.' : `${deletedIds.length} chats deleted.`, deletedIds });
    },
    undo: async () => {
      const { deletedIds: chatIds = [], restore } = shown ?? {};
      say(null);
      restore?.();
      await Promise.all(chatIds.map((chatId) => store.restoreChat(chatId)));
      return chatIds;
    },
    tidy,
  };
}
