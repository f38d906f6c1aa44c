import type { Chat } from '@/lib/chat/history';
import { NEW_CHAT, type StoreProblem } from './chat-store';
import { createDraftBox } from './draft-box';
import { createLastWordsBox, type LastWordsBox } from './last-words';
import { askForLastingStorage } from './lasting-storage';
import { newId } from './new-id';
import { createOpenChats } from './open-chats';
import { createResilientStore, type ResilientStore } from './resilient-store';
import { type Schedule, scheduleTimeout } from './schedule';
import { openSharedChat, type SharedChat } from './shared-chat';
import { type TabLocation, tabLocation } from './tab-location';

/** What a tab shows. */
export type WorkspaceState = {
  /** Null until the workspace is started, and where the address names a chat that is not there. */
  readonly chat: SharedChat | null;
  /** `new`: nothing was said yet. `missing`: the address names a chat that is not in this browser. */
  readonly view: 'new' | 'loading' | 'open' | 'missing';
  /** How many records of the shown chat are damaged. */
  readonly unreadable: number;
  /** Newest first. */
  readonly chats: readonly Chat[];
  readonly runningIds: readonly string[];
  readonly draft: string;
  /** Null where none was chosen. */
  readonly model: string | null;
  /** Why nothing is stored; null where it is. */
  readonly problem: StoreProblem | null;
  readonly toast: Toast | null;
};

/** A short word about what just happened. `deletedChat` can be brought back. */
export type Toast = { readonly text: string; readonly deletedChat?: Chat };

/** Everything that a person does in a tab, beside the conversation itself. */
export type Workspace = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => WorkspaceState;
  /** Begins in the browser: reads the address and the store. Returns how to end. */
  readonly start: () => () => void;
  readonly openChat: (chatId: string) => void;
  readonly newChat: () => void;
  readonly setDraft: (text: string) => void;
  readonly setModel: (model: string) => void;
  /** Sends to the shown chat. What could not be sent is a draft again. */
  readonly send: (text: string, model: string) => void;
  readonly retry: (model: string) => void;
  /** Makes the last question the draft again, before what is typed already. */
  readonly edit: () => void;
  readonly renameChat: (chatId: string, title: string) => void;
  /** Deletes a chat; it can be brought back as long as the toast says so. */
  readonly deleteChat: (chatId: string) => void;
  readonly undoDelete: () => void;
  readonly dismissToast: () => void;
  readonly readAll: ResilientStore['readAll'];
};

export type WorkspaceOptions = {
  readonly store?: ResilientStore;
  readonly location?: TabLocation;
  readonly openChat?: typeof openSharedChat;
  readonly schedule?: Schedule;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Asks the browser not to evict the history. */
  readonly keepStorage?: () => void;
  readonly lastWords?: LastWordsBox;
};

/** How long a toast stays, and with it the way back from a deletion. */
const TOAST_MS = 8000;

const MODEL_SETTING = 'model';

/** @param view what the page shows before it is started */
export function createWorkspace(
  view: 'new' | 'loading',
  {
    store = createResilientStore(),
    location = tabLocation,
    openChat = openSharedChat,
    schedule = scheduleTimeout,
    now = Date.now,
    keepStorage = askForLastingStorage,
    lastWords = createLastWordsBox(newId()),
  }: WorkspaceOptions = {},
): Workspace {
  let state: WorkspaceState = {
    chat: null,
    view,
    unreadable: 0,
    chats: [],
    runningIds: [],
    draft: '',
    model: null,
    problem: null,
    toast: null,
  };
  let cancelToast = () => {};
  const listeners = new Set<() => void>();
  const drafts = createDraftBox(store, schedule);
  const open = createOpenChats((runningIds) => update({ runningIds }));

  function update(changes: Partial<WorkspaceState>): void {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }

  function say(toast: Toast | null): void {
    cancelToast();
    if (toast) cancelToast = schedule(() => say(null), TOAST_MS);
    update({ toast });
  }

  const draftKey = () => (state.view === 'new' ? NEW_CHAT : (state.chat?.id ?? NEW_CHAT));

  function showDraft(): void {
    const key = draftKey();
    void drafts.read(key).then((draft) => {
      // Who has typed meanwhile keeps what was typed.
      if (draft && key === draftKey() && state.draft === '') update({ draft });
    });
  }

  /** Shows the chat that the address names. */
  function show(): void {
    const chatId = location.chatId();
    const id = chatId ?? newId();
    const isKnown = open.find(id) !== undefined;
    const onRead = (found: { readonly unreadable: number } | null) => {
      if (state.chat?.id !== id) return;
      if (found) update({ view: 'open', unreadable: found.unreadable });
      else {
        update({ chat: null, view: 'missing', draft: '' });
        open.close(id);
      }
    };
    const chat = open.show(id, () => openChat({ id, isNew: chatId === null, store, onRead }));
    if (chat === state.chat) return;
    // What was typed before anything was there belongs to what is shown first.
    const draft = state.chat ? '' : state.draft;
    update({ chat, view: chatId === null ? 'new' : isKnown ? 'open' : 'loading', unreadable: 0, draft });
    if (draft) drafts.write(draftKey(), draft);
    showDraft();
  }

  function goTo(chatId: string | null, how: 'push' | 'replace' = 'push'): void {
    drafts.flush();
    location.go(chatId, how);
    show();
  }

  /** The first message gives a chat its place: an address, a line in the list, a draft of its own. */
  function begin(chat: SharedChat): void {
    drafts.write(NEW_CHAT, '');
    drafts.write(chat.id, state.draft);
    update({ view: 'open' });
    location.go(chat.id, 'push');
    keepStorage();
  }

  function onChats(chats: readonly Chat[]): void {
    const { chat, view } = state;
    const isShown = ({ id }: Chat) => id === chat?.id;
    // Where a store broke, its list is lost with it, and no other tab did that.
    const isShared = state.problem === null || state.problem === 'full';
    const isGone = isShared && view === 'open' && state.chats.some(isShown) && !chats.some(isShown);
    update({ chats });
    if (!isGone || !chat) return;
    open.close(chat.id);
    goTo(null, 'replace');
    say({ text: 'This chat was deleted in another tab.' });
  }

  /** Makes a text of a chat its draft again, before what is typed already, whichever chat is shown by now. */
  async function giveBack(chatId: string, text: string): Promise<void> {
    const isShown = () => chatId === state.chat?.id;
    const typed = isShown() ? state.draft : await drafts.read(chatId);
    const draft = typed.trim() === '' ? text : `${text}\n\n${typed}`;
    if (isShown()) update({ draft });
    drafts.write(chatId, draft);
  }

  const inAnotherTab = () => say({ text: 'This chat is waiting for an answer in another tab.' });

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    start: () => {
      const leave = [
        store.watchProblem((problem) => update({ problem })),
        store.watchChats(onChats),
        location.onMove(show),
      ];
      const flush = () => {
        drafts.flush();
        open.flush();
      };
      const leaveWords = () => lastWords.leave({ at: now(), chats: open.unstored(), drafts: drafts.unstored() });
      const takeBackWords = () => lastWords.leave({ at: now(), chats: [], drafts: [] });
      const listening = new AbortController();
      const { signal } = listening;
      // A page that is hidden may not be heard of again.
      document.addEventListener('visibilitychange', flush, { signal });
      addEventListener('pagehide', leaveWords, { signal });
      addEventListener('pageshow', takeBackWords, { signal });
      show();
      void store.readSetting(MODEL_SETTING).then(
        (model) => state.model ?? update({ model }),
        () => undefined,
      );
      void store.purgeDeleted(now() - TOAST_MS).catch(() => undefined);
      return () => {
        for (const each of leave) each();
        listening.abort();
      };
    },
    openChat: (chatId) => goTo(chatId),
    newChat: () => goTo(null),
    setDraft: (draft) => {
      if (draft === state.draft) return;
      update({ draft });
      if (state.chat) drafts.write(draftKey(), draft);
    },
    setModel: (model) => {
      update({ model });
      void store.writeSetting(MODEL_SETTING, model).catch(() => undefined);
    },
    send: (text, model) => {
      const { chat } = state;
      if (!chat) return;
      void chat.send(text, { model }).then((isSent) => {
        if (isSent) return;
        void giveBack(chat.id, text);
        inAnotherTab();
      });
      if (state.view === 'new') begin(chat);
    },
    retry: (model) => {
      void state.chat?.retry({ model }).then((isSent) => isSent || inAnotherTab());
    },
    edit: () => {
      const { chat } = state;
      void chat?.takeBackQuestion().then((question) => {
        if (question) void giveBack(chat.id, question);
      });
    },
    renameChat: (chatId, title) => {
      const name = title.trim();
      if (name) void store.renameChat(chatId, name).catch(() => undefined);
    },
    deleteChat: (chatId) => {
      const deletedChat = state.chats.find(({ id }) => id === chatId);
      if (!deletedChat) return;
      open.find(chatId)?.stop();
      update({ chats: state.chats.filter(({ id }) => id !== chatId) });
      void store.deleteChat(chatId, now()).catch(() => undefined);
      // Nothing younger: another tab may still offer to bring that back.
      schedule(() => void store.purgeDeleted(now() - TOAST_MS).catch(() => undefined), TOAST_MS + 1000);
      if (state.chat?.id === chatId) goTo(null, 'replace');
      say({ text: 'Chat deleted.', deletedChat });
    },
    undoDelete: () => {
      const chat = state.toast?.deletedChat;
      if (!chat) return;
      say(null);
      void store.restoreChat(chat.id).then(
        () => goTo(chat.id),
        () => undefined,
      );
    },
    dismissToast: () => say(null),
    readAll: store.readAll,
  };
}
