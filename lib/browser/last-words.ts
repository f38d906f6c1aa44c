import type { ChatState } from '@/lib/chat/chat-state';
import { knowsMore, restoreChat } from '@/lib/chat/stored-chat';
import { changeOf } from './chat-recorder';
import type { ChatStore } from './chat-store';

/** A chat of which not everything is stored. `isNew`: nothing ever was; else it was deleted where it is not found. */
export type UnstoredChat = { readonly chatId: string; readonly state: ChatState; readonly isNew: boolean };

/** What a page could not store any more when it went away. */
export type LastWords = {
  /** Milliseconds. */
  readonly at: number;
  readonly chats: readonly UnstoredChat[];
  readonly drafts: readonly { readonly chatId: string; readonly text: string }[];
};

/** A place where a page leaves its last words, and the next one finds them. */
export type LastWordsBox = {
  /** Takes the place of what the same page has left before. */
  readonly leave: (words: LastWords) => void;
  /** What pages have left; it is not found again. */
  readonly take: () => readonly LastWords[];
};

/** Older drafts are left alone: what is stored may have been typed later, in another tab. */
const FRESH_DRAFT_MS = 60_000;

/**
 * Stores what pages have left, unless the store knows better by now: a reply may have been read on, or a question asked, in
 * another tab. Never rejects: what cannot be stored is lost, as after a crash.
 */
export async function storeLastWords(store: ChatStore, box: LastWordsBox, now: number): Promise<void> {
  const attempt = (act: () => Promise<void>) => act().catch(() => undefined);
  for (const { at, chats, drafts } of box.take()) {
    for (const chat of chats) await attempt(async () => storeChat(store, chat, now));
    if (now - at > FRESH_DRAFT_MS) continue;
    for (const draft of drafts) await attempt(async () => store.writeDraft(draft.chatId, draft.text));
  }
}

async function storeChat(store: ChatStore, { chatId, state, isNew }: UnstoredChat, at: number): Promise<void> {
  const found = await store.readChat(chatId);
  if (!found && !isNew) return;
  if (found) {
    const stored = restoreChat(found);
    const isFurther =
      stored.reply?.id === state.reply?.id && (stored.reply?.lastSeq ?? 0) > (state.reply?.lastSeq ?? 0);
    if (isFurther || knowsMore(stored, state)) return;
  }
  const known = new Set(found?.messages.map(({ id }) => id));
  await store.writeChange(changeOf(chatId, state, (id) => known.has(id), at));
}

const PREFIX = 'rivulet/last-words/';

/**
 * The browser's `localStorage`. It is written at once, while the database takes nothing from a page that is going away
 * (seen in Chromium: not one write, with an explicit commit either). Where it is blocked or full nothing is left.
 *
 * @param page names the page that leaves
 */
export function createLastWordsBox(page: string): LastWordsBox {
  return {
    leave: (words) => {
      try {
        if (words.chats.length + words.drafts.length === 0) localStorage.removeItem(PREFIX + page);
        else localStorage.setItem(PREFIX + page, JSON.stringify(words));
      } catch {
        // There is nobody left to tell.
      }
    },
    take: () => {
      try {
        const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
        return keys.flatMap((key) => {
          const text = localStorage.getItem(key);
          localStorage.removeItem(key);
          return parse(text);
        });
      } catch {
        return [];
      }
    },
  };
}

/** What somebody else has written under our name is nothing. */
function parse(text: string | null): readonly LastWords[] {
  try {
    const words = JSON.parse(text ?? '') as Partial<LastWords> | null;
    const isWords = Array.isArray(words?.chats) && Array.isArray(words.drafts) && typeof words.at === 'number';
    return isWords ? [words as LastWords] : [];
  } catch {
    return [];
  }
}
