import { type ChatChange, type ChatStore, StoreError, type StoreProblem } from './chat-store';
import { createLastWordsBox, storeLastWords } from './last-words';
import { unheard } from './unheard';

/** A store that is always there. `watchProblem` tells why it does not last, and null where it does. */
export type ResilientStore = ChatStore & {
  readonly watchProblem: (listener: (problem: StoreProblem | null) => void) => () => void;
};

/** Opens a store that may tell later that it is no store any more. */
type OpenStore = (onProblem: (error: StoreError) => unknown) => Promise<ChatStore>;

/**
 * Keeps chats in the browser's database, and where that cannot be had, or breaks, in memory: the page works on, and its
 * reader is told. What failed rejects, so that whoever wrote it writes it again, all of it. A full store stays the
 * store: there may be room again.
 */
export function createResilientStore(open: OpenStore = openDatabase): ResilientStore {
  let problem: StoreProblem | null = null;
  let opening: Promise<ChatStore> | null = null;
  const problemListeners = new Set<(problem: StoreProblem | null) => void>();
  const onReplaced = new Set<() => void>();
  /** The chats that the memory has from their beginning, where it took the place of a store; null where it did not. */
  let wholeIds: Set<string> | null = null;

  function report(next: StoreProblem | null): void {
    if (problem === next) return;
    problem = next;
    for (const listener of problemListeners) listener(problem);
  }

  function fall(error: unknown): void {
    report(problemOf(error));
    if (problem === 'full') return;
    opening = openMemory();
    wholeIds = new Set();
    for (const listener of onReplaced) listener();
  }

  function openOnce(): Promise<ChatStore> {
    if (opening) return opening;
    // A list that cannot be read for once is no end: the next call that fails will be. Nor is what becomes of a store whose
    // place is taken already.
    const onProblem = (error: StoreError) => {
      if (error.problem === 'outdated' && opening === own) fall(error);
    };
    const own = open(onProblem).catch((error: unknown) => {
      report(problemOf(error));
      return openMemory();
    });
    opening = own;
    return own;
  }

  /** What continues a chat that is not in the memory is refused: it is to be written again, all of it. */
  function requireWhole({ chatId, isWhole }: ChatChange): void {
    if (!wholeIds || wholeIds.has(chatId)) return;
    if (!isWhole) throw new StoreError(problem ?? 'unavailable');
    wholeIds.add(chatId);
  }

  /** What is asked for first is done first. What `check` refuses is no failure of the store. */
  async function use<T>(act: (store: ChatStore) => Promise<T>, check = () => {}): Promise<T> {
    const used = openOnce();
    const store = await used;
    check();
    try {
      return await act(store);
    } catch (error) {
      // Another call may have met the same end before.
      if (used === opening) fall(error);
      throw error;
    }
  }

  /** Watches whatever store there is at the time. */
  function watch(begin: (store: ChatStore) => () => void): () => void {
    let leave = () => {};
    let isOver = false;
    const rewatch = async () => {
      leave();
      leave = () => {};
      const watched = openOnce();
      const store = await watched;
      if (!isOver && watched === opening) leave = begin(store);
    };
    const onReplacement = () => void rewatch();
    onReplaced.add(onReplacement);
    onReplacement();
    return () => {
      isOver = true;
      onReplaced.delete(onReplacement);
      leave();
    };
  }

  return {
    watchProblem: (listener) => {
      problemListeners.add(listener);
      listener(problem);
      return () => problemListeners.delete(listener);
    },
    watchChats: (listener) => watch((store) => store.watchChats(listener)),
    watchPrompts: (listener) => watch((store) => store.watchPrompts(listener)),
    readChat: (chatId) => use((store) => store.readChat(chatId)),
    listRunning: () => use((store) => store.listRunning()),
    writeChange: async (change) => {
      await use(
        (store) => store.writeChange(change),
        () => requireWhole(change),
      );
      // There is room again. That something smaller could be written proves nothing.
      if (problem === 'full') report(null);
    },
    renameChat: (chatId, title) => use((store) => store.renameChat(chatId, title)),
    titleChat: (chatId, title) => use((store) => store.titleChat(chatId, title)),
    deleteChat: (chatId, at) => use((store) => store.deleteChat(chatId, at)),
    restoreChat: (chatId) => use((store) => store.restoreChat(chatId)),
    purgeDeleted: (before) => use((store) => store.purgeDeleted(before)),
    readDraft: (chatId) => use((store) => store.readDraft(chatId)),
    writeDraft: (chatId, text) => use((store) => store.writeDraft(chatId, text)),
    readDraftFiles: (chatId) => use((store) => store.readDraftFiles(chatId)),
    writeDraftFiles: (chatId, attachments) => use((store) => store.writeDraftFiles(chatId, attachments)),
    writeFile: (file, at) => use((store) => store.writeFile(file, at)),
    readFile: (id) => use((store) => store.readFile(id)),
    tidyFiles: (before) => use((store) => store.tidyFiles(before)),
    readSetting: (name) => use((store) => store.readSetting(name)),
    writeSetting: (name, value) => use((store) => store.writeSetting(name, value)),
    writePrompt: (prompt) => use((store) => store.writePrompt(prompt)),
    deletePrompt: (id) => use((store) => store.deletePrompt(id)),
    readAll: () => use((store) => store.readAll()),
  };
}

const problemOf = (error: unknown) => (error instanceof StoreError ? error.problem : 'unavailable');

async function openMemory(): Promise<ChatStore> {
  const { createMemoryStore } = await import('./memory-chat-store');
  return createMemoryStore();
}

/** Loaded when it is needed, so that it delays neither the first paint nor the first word. */
const openDatabase: OpenStore = async (onProblem) => {
  const { openIndexedStore } = await import('./indexed-chat-store');
  const store = await openIndexedStore({ onProblem });
  // It has to be there when this one breaks, and the network may be gone then.
  unheard(import('./memory-chat-store'));
  await storeLastWords(store, createLastWordsBox(''), Date.now());
  return store;
};
