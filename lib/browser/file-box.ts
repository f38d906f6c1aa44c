import type { ChatStore } from './chat-store';
import type { ReadFile } from './request-blocks';

/** What is in the files that were attached in this tab, and in those that are stored. */
export type FileBox = {
  /** Keeps a file for a chat. Never rejects: where it cannot be stored, this tab has it all the same. */
  readonly keep: (id: string, chatId: string, blob: Blob) => Promise<void>;
  /** Null where there is none. Never rejects. */
  readonly read: ReadFile;
};

/** What a tab holds of its own, in bytes; beyond it, the store alone has what was attached first. */
const MAX_HELD_BYTES = 64_000_000;

export function createFileBox(store: Pick<ChatStore, 'readFile' | 'writeFile'>, now: () => number): FileBox {
  const held = new Map<string, Blob>();

  function hold(id: string, blob: Blob): void {
    held.set(id, blob);
    let bytes = [...held.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [oldest, { size }] of held) {
      if (bytes <= MAX_HELD_BYTES) return;
      held.delete(oldest);
      bytes -= size;
    }
  }

  return {
    keep: async (id, chatId, blob) => {
      hold(id, blob);
      // The store has told its problem to whoever watches it.
      await store.writeFile({ id, chatId, blob }, now()).catch(() => undefined);
    },
    read: async (id) => held.get(id) ?? store.readFile(id).catch(() => null),
  };
}
