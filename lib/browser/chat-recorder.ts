import type { ChatState } from '@/lib/chat/chat-state';
import { replyToStore, titleOfChat, turnsToStore } from '@/lib/chat/stored-chat';
import type { ChatChange, ChatStore } from './chat-store';
import { type Schedule, scheduleTimeout } from './schedule';

/** Text that is on the screen is stored within a second: this, and the time that a write takes. */
const CHECKPOINT_MS = 500;

/** Stores one chat as it goes on: turns at once, a growing reply twice a second. */
export type ChatRecorder = {
  /** Notes the newest state, or that this one is stored already. */
  readonly record: (state: ChatState, isStored?: boolean) => void;
  /** Stores now what was noted. Never rejects: what could not be stored goes along with the next write. */
  readonly flush: () => Promise<void>;
  /** The newest state, where it is not stored yet; else null. `isNew`: nothing of the chat ever was. */
  readonly unstored: () => { readonly state: ChatState; readonly isNew: boolean } | null;
  /** Stores nothing of what was noted, and knows nothing of what is stored: it is another's from now on. */
  readonly forget: () => void;
};

type RecorderOptions = {
  readonly chatId: string;
  readonly store: Pick<ChatStore, 'writeChange'>;
  readonly schedule?: Schedule;
  /** Milliseconds. */
  readonly now?: () => number;
};

export function createChatRecorder({
  chatId,
  store,
  schedule = scheduleTimeout,
  now = Date.now,
}: RecorderOptions): ChatRecorder {
  let noted: ChatState | null = null;
  let stored: ChatState | null = null;
  let storedIds = new Set<string>();
  let wasStored = false;
  let writing: Promise<void> = Promise.resolve();
  let cancelCheckpoint: (() => void) | null = null;

  async function write(): Promise<void> {
    const state = noted;
    if (!state || state === stored) return;
    // The words of what was deleted may have been erased by the time it is brought back.
    const isErased = (id: string) =>
      Object.hasOwn(stored?.choices.deleted ?? {}, id) && !Object.hasOwn(state.choices.deleted, id);
    const change = changeOf(chatId, state, (id) => storedIds.has(id) && !isErased(id), now());
    try {
      await store.writeChange(change);
      stored = state;
      // Without a turn nothing of a chat is stored.
      wasStored ||= state.messages.length > 0;
      for (const { id } of change.messages) storedIds.add(id);
    } catch {
      // The store has told its problem to whoever watches it. Whatever takes its place knows nothing of this chat.
      stored = null;
      storedIds = new Set();
    }
  }

  function flush(): Promise<void> {
    cancelCheckpoint?.();
    cancelCheckpoint = null;
    writing = writing.then(write);
    return writing;
  }

  return {
    record: (state, isStored = false) => {
      const before = noted;
      noted = state;
      if (isStored) {
        stored = state;
        wasStored = true;
        for (const { id } of state.messages) storedIds.add(id);
      } else if (before && isCheckpoint(before, state)) {
        cancelCheckpoint ??= schedule(() => void flush(), CHECKPOINT_MS);
      } else {
        void flush();
      }
    },
    flush,
    unstored: () => (noted && noted !== stored ? { state: noted, isNew: !wasStored } : null),
    forget: () => {
      cancelCheckpoint?.();
      cancelCheckpoint = null;
      noted = null;
      stored = null;
      storedIds = new Set();
    },
  };
}

/** Whether nothing but the words and the connection of a reply changed. Everything else is stored at once. */
function isCheckpoint(before: ChatState, { messages, reply, choices }: ChatState): boolean {
  if (before.messages !== messages || before.choices !== choices || before.reply?.id !== reply?.id) return false;
  return (before.reply?.connection === 'stopping') === (reply?.connection === 'stopping');
}

/** What is to be stored of a chat of which these turns are stored. `at` is the time in milliseconds. */
export function changeOf(
  chatId: string,
  state: ChatState,
  isStored: (messageId: string) => boolean,
  at: number,
): ChatChange {
  const messages = turnsToStore(chatId, state, isStored);
  return {
    chatId,
    title: titleOfChat(state),
    at,
    messages,
    isWhole: messages.length === state.messages.length,
    choices: state.choices,
    reply: replyToStore(chatId, state),
  };
}
