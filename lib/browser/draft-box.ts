import type { ChatStore } from './chat-store';
import type { LastWords } from './last-words';
import { type Schedule, scheduleTimeout } from './schedule';

/** A draft is stored when its writer pauses this long, and when the page goes away. */
const PAUSE_MS = 300;

/** Keeps what is typed and not sent. Nothing here rejects: the store tells its problems to whoever watches it. */
export type DraftBox = {
  readonly read: (chatId: string) => Promise<string>;
  readonly write: (chatId: string, text: string) => void;
  /** Stores what waits for a pause. */
  readonly flush: () => void;
  /** The drafts that are not stored yet. */
  readonly unstored: () => LastWords['drafts'];
};

export function createDraftBox(
  store: Pick<ChatStore, 'readDraft' | 'writeDraft'>,
  schedule: Schedule = scheduleTimeout,
): DraftBox {
  const unstored = new Map<string, string>();
  let cancelPause = () => {};

  function flush(): void {
    cancelPause();
    for (const [chatId, text] of unstored) {
      const forget = () => {
        if (unstored.get(chatId) === text) unstored.delete(chatId);
      };
      // What failed waits for the next time.
      store.writeDraft(chatId, text).then(forget, () => undefined);
    }
  }

  return {
    read: async (chatId) => unstored.get(chatId) ?? store.readDraft(chatId).catch(() => ''),
    write: (chatId, text) => {
      unstored.set(chatId, text);
      cancelPause();
      cancelPause = schedule(flush, PAUSE_MS);
    },
    flush,
    unstored: () => [...unstored].map(([chatId, text]) => ({ chatId, text })),
  };
}
