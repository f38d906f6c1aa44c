import type { ChatSettings } from '@/lib/chat/chat-settings';
import { isSettings } from './guards';

/** What was chosen for the chat that is not begun yet. */
export type NewChatSettings = {
  /** Null where nothing was. */
  readonly read: () => ChatSettings | null;
  /** Takes these beside what was chosen before; null forgets all of it. */
  readonly choose: (settings: ChatSettings | null) => void;
};

const KEY = 'rivulet/new-chat';

/** In `localStorage`: it is written at once, also by a page that is going away. Where it is blocked nothing is kept. */
export function createNewChatSettings(storage: () => Pick<Storage, 'getItem' | 'setItem'> = () => localStorage) {
  const box: NewChatSettings = {
    read: () => {
      try {
        const kept: unknown = JSON.parse(storage().getItem(KEY) || 'null');
        return isSettings(kept) ? kept : null;
      } catch {
        return null;
      }
    },
    choose: (settings) => {
      try {
        storage().setItem(KEY, settings ? JSON.stringify({ ...box.read(), ...settings }) : '');
      } catch {
        // The chat has them as long as the page lives.
      }
    },
  };
  return box;
}
