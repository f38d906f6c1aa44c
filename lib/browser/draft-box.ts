import type { ChatStore } from './chat-store';
import type { LastWords } from './last-words';
import { type Schedule, scheduleTimeout } from './schedule';

/** A draft is stored when its writer pauses this long, and when the page goes away. */
const PAUSE_MS = 300;

/** Keeps what is typed and not sent. Nothing here rejects: the store tells its problems to whoever watches it. */
export type DraftBox = {
  readonly read: (chatId: string) => Promise<string>;
  readonly write: (chatId: string, text: string) => void;
  /**
   * Keeps a text that is being sent together with what is typed, until it is released: as long as it is not known to have
   * been sent, it is a draft.
   */
  readonly hold: (chatId: string, text: string) => void;
  readonly release: (chatId: string) => void;
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
  const typed = new Map<string, string>();
  const held = new Map<string, string>();
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

  function write(chatId: string, text: string): void {
    typed.set(chatId, text);
    unstored.set(chatId, joinDrafts(held.get(chatId) ?? '', text));
    cancelPause();
    cancelPause = schedule(flush, PAUSE_MS);
  }

  return {
    read: async (chatId) => unstored.get(chatId) ?? store.readDraft(chatId).catch(() => ''),
    write,
    hold: (chatId, text) => {
      held.set(chatId, text);
    },
    release: (chatId) => {
      const text = typed.get(chatId);
      if (!held.delete(chatId) || text === undefined) return;
      write(chatId, text);
      flush();
    },
    flush,
    unstored: () => [...unstored].map(([chatId, text]) => ({ chatId, text })),
  };
}

/** Two texts as one draft: what came first stands first. */
export function joinDrafts(first: string, second: string): string {
  return [first, second].filter((text) => text.trim() !== '').join('\n\n');
}
