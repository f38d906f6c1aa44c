import type { ChatState } from '@/lib/chat/chat-state';
import { forkOf } from '@/lib/chat/fork';
import { type Chat, titleOf } from '@/lib/chat/history';
import { titleOfChat, withUnstored } from '@/lib/chat/stored-chat';
import type { ModelInfo } from '@/lib/protocol/models';
import { NEW_CHAT, type StoreProblem } from './chat-store';
import { copyFiles } from './copy-files';
import { createDeletions, type Toast } from './deletions';
import { createDraftBox, joinDrafts } from './draft-box';
import { createDraftFiles, type DraftFiles } from './draft-files';
import type { Edit } from './edit-draft';
import { createFileBox, type FileBox } from './file-box';
import type { findTitle as findTitleNow } from './find-title';
import { createLastWordsBox, type LastWordsBox } from './last-words';
import { askForLastingStorage } from './lasting-storage';
import { createNewChatSettings, type NewChatSettings } from './new-chat-settings';
import { newId } from './new-id';
import { createEndNotifier, type NotifyEnd } from './notify-end';
import { createOpenChats } from './open-chats';
import { watchPage } from './page-life';
import { createPromptLibrary, type PromptLibrary } from './prompt-library';
import { createResilientStore, type ResilientStore } from './resilient-store';
import { type Schedule, scheduleTimeout } from './schedule';
import { openSharedChat, type SharedChat } from './shared-chat';
import { type TabLocation, tabLocation } from './tab-location';
import { createTurns, type Turns } from './turns';
import { unheard } from './unheard';

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
  /** Whether they were read. */
  readonly isListed: boolean;
  readonly runningIds: readonly string[];
  readonly draft: string;
  /** Another wording of a question of the shown chat, while it is written. */
  readonly edit: Edit | null;
  /** Why nothing is stored; null where it is. */
  readonly problem: StoreProblem | null;
  readonly toast: Toast | null;
};

/** Everything that a person does in a tab, beside the conversation itself. */
export type Workspace = Turns & {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => WorkspaceState;
  /** Begins in the browser: reads the address and the store. Returns how to end. */
  readonly start: () => () => void;
  readonly openChat: (chatId: string) => void;
  readonly newChat: () => void;
  readonly setDraft: (text: string) => void;
  /** The files of the draft. */
  readonly draftFiles: DraftFiles;
  readonly readFile: FileBox['read'];
  /** Goes on in a new chat with what is typed and attached. */
  readonly moveDraftToNewChat: () => void;
  /** Goes on in a new chat, whose draft ends with this text. */
  readonly newChatWith: (text: string) => void;
  /** Begins a chat of its own with the shown one up to this turn. */
  readonly fork: (messageId: string) => void;
  readonly renameChat: (chatId: string, title: string) => void;
  /** Deletes a chat; it can be brought back as long as the toast says so. */
  readonly deleteChat: (chatId: string) => void;
  readonly undo: () => void;
  readonly dismissToast: () => void;
  /** Keeps the toast for as long as its reader is at it. */
  readonly holdToast: (isHeld: boolean) => void;
  /** Everything that there is, for a file: what is stored, and what is not yet. */
  readonly readAll: ResilientStore['readAll'];
  readonly prompts: PromptLibrary;
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
  /** Finds titles for chats; without it they keep the first words of their question. */
  readonly titleModel?: ModelInfo | undefined;
  readonly findTitle?: typeof findTitleNow;
  readonly notifyEnd?: NotifyEnd;
  readonly newChatSettings?: NewChatSettings;
};

/** Loaded with the first answer. */
const findTitleWhenLoaded: typeof findTitleNow = async (...given) => {
  const { findTitle } = await import('./find-title');
  return findTitle(...given);
};

/** Files that nobody names any more are kept this long: their draft may be about to be stored, in another tab. */
const UNSENT_MS = 24 * 3600 * 1000;

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
    titleModel,
    findTitle = findTitleWhenLoaded,
    notifyEnd = createEndNotifier(),
    newChatSettings = createNewChatSettings(),
  }: WorkspaceOptions = {},
): Workspace {
  let state: WorkspaceState = {
    chat: null,
    view,
    unreadable: 0,
    chats: [],
    isListed: false,
    runningIds: [],
    draft: '',
    edit: null,
    problem: null,
    toast: null,
  };
  /** The chat that was left because it was deleted. */
  let leftId: string | null = null;
  const listeners = new Set<() => void>();
  const drafts = createDraftBox(store, schedule);
  const box = createFileBox(store, now);
  const draftFiles = createDraftFiles({ store, box });
  /** The chat may not be stored yet. */
  const nameOf = (chat: SharedChat) =>
    state.chats.find(({ id }) => id === chat.id)?.title ?? titleOfChat(chat.getSnapshot());
  const open = createOpenChats(
    (runningIds) => update({ runningIds }),
    (chat, { id, startedAt }) => {
      const message = chat.getSnapshot().messages.find((each) => each.id === id);
      if (message?.role !== 'assistant') return;
      notifyEnd({ title: nameOf(chat), message, tookMs: now() - startedAt, onPress: () => goTo(chat.id) });
    },
  );
  const deletions = createDeletions({ store, onToast: (toast) => update({ toast }), schedule, now });
  const { turns, readEdit } = createTurns({
    shown: () => state.chat,
    drafts,
    say: deletions.say,
    onSend: (chat) => state.view === 'new' && begin(chat),
    giveBack: (chatId, text) => void giveBack(chatId, text),
    onEdit: (edit) => update({ edit }),
    reopen: (chatId) => {
      if (state.chat?.id !== chatId) goTo(chatId);
      return state.chat;
    },
    takeFiles: draftFiles.take,
    giveBackFiles: draftFiles.giveBack,
    newId,
  });

  function update(changes: Partial<WorkspaceState>): void {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  }

  const draftKey = () => (state.view === 'new' ? NEW_CHAT : (state.chat?.id ?? NEW_CHAT));

  function showDraft(): void {
    const key = draftKey();
    draftFiles.show(key);
    void drafts.read(key).then((draft) => {
      // Who has typed meanwhile keeps what was typed.
      if (draft && key === draftKey() && state.draft === '') update({ draft });
    });
  }

  function onRead(chatId: string, found: { readonly unreadable: number } | null): void {
    open.settle(chatId);
    if (state.chat?.id !== chatId) return;
    if (found) update({ view: 'open', unreadable: found.unreadable });
    else {
      update({ chat: null, view: 'missing', draft: '' });
      open.close(chatId);
    }
  }

  const opener = (id: string, isNew: boolean, beginning?: ChatState) => () =>
    openChat({
      id,
      isNew,
      ...(beginning && { beginning }),
      store,
      session: { readFile: box.read },
      onAnswer: (answered) => {
        const isTitled = state.chats.some((chat) => chat.id === id && chat.hasOwnTitle);
        if (!isTitled) unheard(findTitle(id, answered, { titleModel, store }));
      },
      onRead: (found) => onRead(id, found),
    });

  /** Shows the chat that the address names. */
  function show(): void {
    const chatId = location.chatId();
    const id = chatId ?? newId();
    const known = open.isSettled(id) ? 'open' : 'loading';
    const chat = open.show(id, opener(id, chatId === null));
    if (chat === state.chat) return;
    // What was typed before anything was there belongs to what is shown first.
    const draft = state.chat ? '' : state.draft;
    update({ chat, view: chatId === null ? 'new' : known, unreadable: 0, draft });
    if (chatId === null) open.settle(id);
    if (draft) drafts.write(draftKey(), draft);
    showDraft();
    unheard(readEdit());
    const settings = chatId === null ? newChatSettings.read() : null;
    if (settings) turns.changeSettings(settings);
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
    draftFiles.move(NEW_CHAT, chat.id);
    update({ view: 'open' });
    location.go(chat.id, 'push');
    newChatSettings.choose(null);
    keepStorage();
  }

  /** A chat that is gone from the list was deleted, here or in another tab: nobody is to pay for its reply any more. */
  function onChats(chats: readonly Chat[]): void {
    const shown = state.view === 'open' ? state.chat : null;
    // Where a store broke, its list is lost with it, and nobody did that.
    const isShared = state.problem === null || state.problem === 'full';
    const isGone = (id: string) => state.chats.some((chat) => chat.id === id) && !chats.some((chat) => chat.id === id);
    const gone = isShared ? open.ids().filter(isGone) : [];
    update({ chats, isListed: true });
    for (const id of gone) {
      open.find(id)?.stop();
      open.close(id);
    }
    if (!shown || !gone.includes(shown.id)) return;
    goTo(null, 'replace');
    deletions.say({ text: 'This chat was deleted in another tab.' });
  }

  /** Makes a text of a chat its draft again, before what is typed already, whichever chat is shown by now. */
  async function giveBack(chatId: string, text: string): Promise<void> {
    const isShown = () => chatId === state.chat?.id;
    const draft = joinDrafts(text, isShown() ? state.draft : await drafts.read(chatId));
    if (isShown()) update({ draft });
    drafts.write(chatId, draft);
  }

  function newChatWith(text: string): void {
    goTo(null);
    void drafts.read(NEW_CHAT).then((stored) => {
      const isShown = draftKey() === NEW_CHAT;
      const draft = joinDrafts((isShown && state.draft) || stored, text);
      if (isShown) update({ draft });
      drafts.write(NEW_CHAT, draft);
    });
  }

  async function resumeRunning(): Promise<void> {
    for (const id of await store.listRunning()) open.keep(id, opener(id, false));
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    start: () => {
      show();
      const leave = [
        store.watchProblem((problem) => update({ problem })),
        store.watchChats(onChats),
        location.onMove(show),
        watchPage({
          onHide: () => {
            drafts.flush();
            open.flush();
          },
          onLeave: () => lastWords.leave({ at: now(), chats: open.unstored(), drafts: drafts.unstored() }),
          onShow: () => lastWords.leave({ at: now(), chats: [], drafts: [] }),
        }),
      ];
      unheard(resumeRunning());
      unheard(store.tidyFiles(now() - UNSENT_MS));
      deletions.tidy();
      return () => {
        for (const each of leave) each();
      };
    },
    openChat: (chatId) => goTo(chatId),
    newChat: () => goTo(null),
    setDraft: (draft) => {
      if (draft === state.draft) return;
      update({ draft });
      if (state.chat) drafts.write(draftKey(), draft);
    },
    ...turns,
    changeSettings: (settings) => {
      turns.changeSettings(settings);
      if (state.view === 'new') newChatSettings.choose(settings);
    },
    draftFiles,
    readFile: box.read,
    fork: (messageId) => {
      const { chat } = state;
      if (!chat) return;
      const beginning = forkOf(chat.getSnapshot(), messageId, newId);
      if (beginning.messages.length === 0) return;
      const title = nameOf(chat);
      const id = newId();
      open.keep(id, opener(id, true, copyFiles(beginning, id, box, newId)));
      goTo(id);
      onRead(id, { unreadable: 0 });
      const fork = open.find(id);
      if (fork && title) unheard(fork.flush().then(() => store.renameChat(id, titleOf(`Fork of ${title}`))));
    },
    newChatWith,
    moveDraftToNewChat: () => {
      const text = state.draft;
      const taken = draftFiles.take();
      update({ draft: '' });
      drafts.write(draftKey(), '');
      newChatWith(text);
      void draftFiles.copy(NEW_CHAT, taken.attachments).then(() => taken.settle(true));
    },
    renameChat: (chatId, title) => {
      const name = title.trim();
      if (name) unheard(store.renameChat(chatId, name));
    },
    deleteChat: (chatId) => {
      open.find(chatId)?.stop();
      update({ chats: state.chats.filter(({ id }) => id !== chatId) });
      deletions.delete(chatId);
      if (state.chat?.id !== chatId) return;
      leftId = chatId;
      goTo(null, 'replace');
    },
    undo: () => {
      unheard(deletions.undo().then((chatIds) => leftId && chatIds.includes(leftId) && goTo(leftId)));
    },
    dismissToast: () => deletions.say(null),
    holdToast: deletions.hold,
    prompts: createPromptLibrary(store),
    readAll: async () => withUnstored(await store.readAll().catch(() => []), open.unstored(), now()),
  };
}
