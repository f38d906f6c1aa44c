import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attachment } from '@/lib/chat/attachment';
import { reduceChat } from '@/lib/chat/chat-reducer';
import { type ChatState, EMPTY_CHAT, NO_CHOICES } from '@/lib/chat/chat-state';
import { decide } from '@/lib/chat/decide';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { type ChatChange, type ChatStore, NEW_CHAT, type StoreProblem } from './chat-store';
import { Clock, settle } from './clock.fixture';
import { findTitle } from './find-title';
import type { LastWords } from './last-words';
import { createMemoryStore } from './memory-chat-store';
import { createNewChatSettings } from './new-chat-settings';
import type { SharedChat, SharedChatOptions } from './shared-chat';
import { createWorkspace } from './workspace';

let page: EventTarget;
let shown: EventTarget;

beforeEach(() => {
  page = new EventTarget();
  shown = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('document', shown);
});

afterEach(() => vi.unstubAllGlobals());

const change = (chatId: string, at: number): ChatChange => ({
  chatId,
  title: `Title of ${chatId}`,
  at,
  messages: [{ id: `q-${chatId}`, role: 'user', text: '?', chatId, parentId: null, createdAt: at }],
  isWhole: true,
  choices: NO_CHOICES,
  reply: null,
});

const running = (text: string): ChatState =>
  reduceChat(EMPTY_CHAT, {
    type: 'message-sent',
    message: { id: 'q', parentId: null, role: 'user', text },
    replyId: 'r',
    settings: {},
    at: 0,
  });

/** An address and the way to it, as a browser keeps them. */
function createLocation(chatId: string | null) {
  const entries = [chatId];
  let at = 0;
  const listeners = new Set<() => void>();
  const move = (by: number) => {
    at += by;
    for (const listener of listeners) listener();
  };
  return {
    entries,
    back: () => move(-1),
    forward: () => move(1),
    location: {
      chatId: () => entries[at] ?? null,
      go: (next: string | null, how: 'push' | 'replace') => {
        if (next === entries[at]) return;
        if (how === 'push') at += 1;
        entries.splice(at, how === 'push' ? entries.length : 1, next);
      },
      onMove: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}

const attachment: Attachment = {
  id: 'f',
  kind: 'text',
  name: 'f.txt',
  mediaType: 'text/plain',
  bytes: 1,
  sentBytes: 2,
};

/** A chat that does what it is told to, and remembers what it was asked for. */
function createChat({ id, isNew, beginning, onRead, onAnswer }: SharedChatOptions) {
  let state = EMPTY_CHAT;
  const listeners = new Set<() => void>();
  const become = (next: ChatState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const answers = { maySend: Promise.resolve(true) };
  const log: string[] = [];
  const say = (what: string) => async () => {
    log.push(what);
    return answers.maySend;
  };
  const chat: SharedChat = {
    id,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    send: (text, settings, { insteadOf, attachments = [], leavesFiles } = {}) => {
      const rest = [insteadOf, ...attachments.map(({ name }) => name), leavesFiles && 'alone'];
      return say(['send', text, settings?.model, ...rest].filter(Boolean).join(' '))();
    },
    regenerate: (questionId, settings) => say(`regenerate ${questionId} ${settings?.model}`)(),
    sendNext: say('send next'),
    decide: async (decision) => {
      log.push(decision.type);
      if (!(await answers.maySend)) return false;
      become(decide(state, decision, 1));
      return true;
    },
    stop: () => void log.push('stop'),
    flush: async () => void log.push('flush'),
    unstored: () => (state === EMPTY_CHAT ? null : { state, isNew: false }),
    close: async () => void log.push('close'),
  };
  return { chat, isNew, beginning, onRead, onAnswer, become, answers, log };
}

async function createWorld(
  chatId: string | null = null,
  stored: readonly ChatChange[] = [],
  prepare: (store: ChatStore) => Promise<void> = async () => {},
  kept: Map<string, string> | null = new Map(),
) {
  const clock = new Clock(100_000);
  const { location, ...browser } = createLocation(chatId);
  const store = createMemoryStore();
  for (const each of stored) await store.writeChange(each);
  await prepare(store);
  const opened: ReturnType<typeof createChat>[] = [];
  const problem = { tell: (_: StoreProblem | null) => {} };
  const keepStorage = vi.fn();
  const left: LastWords[] = [];
  const asked: ChatRequest[] = [];
  const workspace = createWorkspace(chatId === null ? 'new' : 'loading', {
    store: {
      ...store,
      watchProblem: (listener) => {
        problem.tell = listener;
        listener(null);
        return () => true;
      },
    },
    location,
    openChat: (options) => {
      const entry = createChat(options);
      opened.push(entry);
      return entry.chat;
    },
    schedule: clock.schedule,
    now: clock.now,
    keepStorage,
    newChatSettings: createNewChatSettings(() => {
      if (!kept) throw new Error('blocked');
      return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
    }),
    lastWords: { leave: (words) => left.push(words), take: () => [] },
    titleModel: { id: 'small', label: '', contextTokens: 1, maxOutputTokens: 1, thinking: 'none', efforts: [] },
    findTitle: (chatId, answeredState, options) =>
      findTitle(chatId, answeredState, {
        ...options,
        writeTitle: async (request) => {
          asked.push(request);
          return 'Found';
        },
      }),
  });
  const last = () => opened.at(-1) ?? expect.fail('no chat was opened');
  const state = () => workspace.getSnapshot();
  const start = async () => {
    const end = workspace.start();
    await settle();
    return end;
  };
  return {
    clock,
    browser,
    store,
    opened,
    last,
    state,
    workspace,
    start,
    problem,
    keepStorage,
    left,
    asked,
    kept: kept ?? new Map<string, string>(),
  };
}

describe('a new chat', () => {
  it('has no address before the first message, and from then on its own', async () => {
    const { start, state, last, workspace, browser, keepStorage, store } = await createWorld();
    await start();
    expect([state().view, state().chat, last().isNew]).toEqual(['new', last().chat, true]);
    workspace.setDraft('Hi');
    workspace.send('Hi', { model: 'a-model' });
    workspace.setDraft('');
    expect([state().view, browser.entries]).toEqual(['open', [null, last().chat.id]]);
    expect(last().log).toEqual(['send Hi a-model']);
    expect(keepStorage).toHaveBeenCalledOnce();
    shown.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect([await store.readDraft(NEW_CHAT), await store.readDraft(last().chat.id)]).toEqual(['', '']);
  });

  it('keeps what is typed beside what is sent', async () => {
    const { start, workspace, last, store, clock, state } = await createWorld();
    await start();
    workspace.setDraft('half a');
    workspace.send('A suggestion', { model: 'm' });
    await clock.pass(1000);
    expect([state().draft, await store.readDraft(last().chat.id), await store.readDraft(NEW_CHAT)]).toEqual([
      'half a',
      'half a',
      '',
    ]);
  });
});

describe('the address', () => {
  it('that names a chat shows it when it is read', async () => {
    const { start, state, last } = await createWorld('a');
    await start();
    expect([state().view, last().chat.id, last().isNew]).toEqual(['loading', 'a', false]);
    last().onRead({ unreadable: 2 });
    expect([state().view, state().unreadable]).toEqual(['open', 2]);
  });

  it('that names a chat which is not there keeps nothing of it open, and finds it when it is back', async () => {
    const { start, state, last, workspace, opened } = await createWorld('a');
    await start();
    last().onRead(null);
    expect([state().view, state().chat, last().log]).toEqual(['missing', null, ['close']]);
    workspace.openChat('a');
    last().onRead({ unreadable: 0 });
    expect([state().view, state().chat?.id, opened.length]).toEqual(['open', 'a', 2]);
  });

  it('is followed back and forward, and a chat whose reply runs is shown as it is', async () => {
    const { start, state, last, workspace, browser, opened } = await createWorld();
    await start();
    workspace.send('Hi', { model: 'm' });
    const first = last();
    first.become(running('Hi'));
    workspace.openChat('b');
    expect([browser.entries.length, state().view, state().runningIds]).toEqual([3, 'loading', [first.chat.id]]);
    browser.back();
    expect([state().chat, state().view, first.log]).toEqual([first.chat, 'open', ['send Hi m']]);
    opened[1]?.onRead({ unreadable: 0 });
    browser.back();
    expect([state().view, last().isNew]).toEqual(['new', true]);
    browser.forward();
    expect(state().chat).toBe(first.chat);
    first.become(EMPTY_CHAT);
    browser.forward();
    expect([state().chat?.id, first.log.at(-1), opened.length]).toEqual(['b', 'close', 4]);
  });

  it('that is shown already changes nothing when it is asked for again', async () => {
    const { start, state, workspace, opened, browser } = await createWorld('a');
    await start();
    workspace.setDraft('half a');
    workspace.openChat('a');
    expect([state().view, state().draft, opened.length, browser.entries]).toEqual(['loading', 'half a', 1, ['a']]);
  });
});

describe('a draft', () => {
  it('is kept for each chat, and shown with it', async () => {
    const { start, state, workspace, browser } = await createWorld('a');
    await start();
    workspace.setDraft('of a');
    workspace.newChat();
    expect(state().draft).toBe('');
    workspace.setDraft('of a new one');
    workspace.openChat('b');
    await settle();
    expect(state().draft).toBe('');
    browser.back();
    await settle();
    expect(state().draft).toBe('of a new one');
    browser.back();
    await settle();
    expect(state().draft).toBe('of a');
  });

  it('that was typed before anything was there stays, and belongs to what is shown first', async () => {
    const { start, state, workspace, clock, store } = await createWorld('a', [], (each) => each.writeDraft('a', 'old'));
    workspace.setDraft('typed early');
    await start();
    expect(state().draft).toBe('typed early');
    await clock.pass(300);
    expect(await store.readDraft('a')).toBe('typed early');
  });

  it('is what could not be sent, before what is typed by then, and is stored', async () => {
    const { start, state, workspace, last, clock, store } = await createWorld('a');
    await start();
    last().answers.maySend = Promise.resolve(false);
    workspace.send('Hi', { model: 'm' });
    workspace.setDraft('And');
    await clock.pass(300);
    expect([state().draft, await store.readDraft('a')]).toEqual(['Hi\n\nAnd', 'Hi\n\nAnd']);
    expect(state().toast?.text).toMatch(/^Another tab/);
  });

  it('is what could not be sent, also where another chat is shown by then', async () => {
    const { start, state, workspace, last, clock, store } = await createWorld('a');
    await start();
    last().answers.maySend = Promise.resolve(false);
    workspace.send('Hi', { model: 'm' });
    workspace.openChat('b');
    await clock.pass(300);
    expect([state().draft, await store.readDraft('a'), await store.readDraft('b')]).toEqual(['', 'Hi', '']);
  });

  it('sends its files when they are meant, and has them again where they could not be sent', async () => {
    const { start, workspace, last, clock, store } = await createWorld('a', [], (each) =>
      each.writeDraftFiles('a', [attachment]),
    );
    const attached = () => workspace.draftFiles.getSnapshot().attachments;
    await start();
    await clock.pass(0);
    workspace.send('A suggestion', { model: 'm' });
    await clock.pass(0);
    expect([last().log, attached()]).toEqual([['send A suggestion m'], [attachment]]);
    last().answers.maySend = Promise.resolve(false);
    workspace.send('Hi', { model: 'm' }, { isAlone: true });
    expect(attached()).toEqual([]);
    await clock.pass(0);
    expect([last().log.at(-2), attached()]).toEqual(['send Hi m f.txt alone', [attachment]]);
    last().answers.maySend = Promise.resolve(true);
    workspace.send('Hi', { model: 'm' }, { isAlone: false });
    await clock.pass(0);
    expect([last().log.at(-1), attached(), await store.readDraftFiles('a')]).toEqual(['send Hi m f.txt', [], []]);
  });

  it('moves to a new chat with its files, behind what was typed there before', async () => {
    const { start, state, workspace, clock, store } = await createWorld('a', [], async (each) => {
      await each.writeDraftFiles('a', [attachment]);
      await each.writeFile({ id: 'f', chatId: 'a', blob: new Blob(['x']) }, 1);
      await each.writeDraft('a', 'And');
      await each.writeDraft(NEW_CHAT, 'Before');
    });
    await start();
    await clock.pass(0);
    workspace.moveDraftToNewChat();
    await clock.pass(1000);
    expect([state().view, state().draft, await store.readDraft('a')]).toEqual(['new', 'Before\n\nAnd', '']);
    expect(workspace.draftFiles.getSnapshot().attachments).toMatchObject([{ name: 'f.txt' }]);
    expect(await store.readDraftFiles('a')).toEqual([]);
  });

  it('begins a new chat behind what was typed for it before, and the shown chat keeps its own', async () => {
    const { start, workspace, state, store, clock } = await createWorld('a');
    await store.writeDraft(NEW_CHAT, 'Before');
    await start();
    workspace.setDraft('Typed in a');
    workspace.newChatWith('A summary.\n\n');
    await clock.pass(1000);
    expect([state().view, state().draft]).toEqual(['new', 'Before\n\nA summary.\n\n']);
    expect([await store.readDraft(NEW_CHAT), await store.readDraft('a')]).toEqual([state().draft, 'Typed in a']);
  });

  it('waits for the new chat where its person has gone on meanwhile', async () => {
    const { start, workspace, state, store, clock } = await createWorld('a');
    await start();
    workspace.newChatWith('A summary.');
    workspace.openChat('a');
    await clock.pass(1000);
    expect([state().draft, await store.readDraft(NEW_CHAT)]).toEqual(['', 'A summary.']);
  });

  it('is stored when the page is hidden, with the chats that are open', async () => {
    const { start, workspace, last, store } = await createWorld('a');
    const end = await start();
    workspace.setDraft('half a');
    shown.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect([await store.readDraft('a'), last().log]).toEqual(['half a', ['flush']]);
    end();
    shown.dispatchEvent(new Event('visibilitychange'));
    expect(last().log).toEqual(['flush']);
  });

  it('is among the last words when the page goes away, with the chats that are not stored, until it comes back', async () => {
    const { start, workspace, last, left } = await createWorld('a');
    const end = await start();
    workspace.setDraft('half a');
    const state = { ...EMPTY_CHAT };
    last().become(state);
    page.dispatchEvent(new Event('pagehide'));
    page.dispatchEvent(new Event('pageshow'));
    const drafts = [{ chatId: 'a', text: 'half a' }];
    expect(left).toEqual([
      { at: 100_000, chats: [{ chatId: 'a', state, isNew: false }], drafts },
      { at: 100_000, chats: [], drafts: [] },
    ]);
    end();
    page.dispatchEvent(new Event('pagehide'));
    expect(left).toHaveLength(2);
  });
});

describe('the list of chats', () => {
  const CHATS = [change('a', 1), change('b', 2)];
  const idsIn = ({ chats }: { readonly chats: readonly { readonly id: string }[] }) => chats.map(({ id }) => id);

  it('is told, and follows what is renamed', async () => {
    const { start, state, workspace } = await createWorld(null, CHATS);
    await start();
    workspace.renameChat('a', '  Renamed ');
    workspace.renameChat('b', ' ');
    await settle();
    expect(state().chats.map(({ title }) => title)).toEqual(['Title of b', 'Renamed']);
  });

  it('loses a deleted chat at once, which can be brought back as long as the toast says so', async () => {
    const { start, state, workspace, last, browser, store, clock } = await createWorld('a', CHATS);
    await start();
    const first = last();
    first.onRead({ unreadable: 0 });
    workspace.deleteChat('a');
    expect([idsIn(state()), state().view, browser.entries, first.log]).toEqual([
      ['b'],
      'new',
      [null],
      ['stop', 'close'],
    ]);
    await clock.pass(7999);
    expect([state().toast?.deletedIds, await store.readChat('a')]).toEqual([['a'], null]);
    workspace.undo();
    await settle();
    expect([state().toast, state().chat?.id, idsIn(state())]).toEqual([null, 'a', ['b', 'a']]);
    expect(browser.entries).toEqual([null, 'a']);
    await clock.pass(60_000);
    expect((await store.readChat('a'))?.chat.id).toBe('a');
  });

  it('brings back every chat that the toast tells of, and leaves its reader where that is', async () => {
    const { start, state, workspace, store, browser } = await createWorld(null, CHATS);
    await start();
    workspace.deleteChat('a');
    workspace.deleteChat('b');
    expect(state().toast?.text).toBe('2 chats deleted.');
    workspace.undo();
    await settle();
    expect([idsIn(state()), state().toast, browser.entries]).toEqual([['b', 'a'], null, [null]]);
    expect([await store.readChat('a'), await store.readChat('b')]).not.toContain(null);
  });

  it('keeps the way back for as long as its reader is at it', async () => {
    const { start, state, workspace, store, clock } = await createWorld(null, CHATS);
    await start();
    workspace.deleteChat('a');
    workspace.holdToast(true);
    await clock.pass(60_000);
    expect(state().toast).not.toBeNull();
    workspace.holdToast(false);
    await clock.pass(7999);
    workspace.undo();
    await settle();
    expect(await store.readChat('a')).not.toBeNull();
  });

  it('loses a deleted chat for good when the toast is over', async () => {
    const { start, state, workspace, store, clock } = await createWorld(null, CHATS);
    await start();
    workspace.deleteChat('a');
    await clock.pass(8001);
    expect(state().toast).toBeNull();
    await clock.pass(9000);
    await store.restoreChat('a');
    expect(await store.readChat('a')).toBeNull();
  });

  it('that loses the shown chat leaves a new one, and says who did that', async () => {
    const { start, state, last, store, browser } = await createWorld('a', CHATS);
    await start();
    const first = last();
    first.onRead({ unreadable: 0 });
    await store.deleteChat('a', 0);
    await settle();
    expect([state().view, browser.entries, first.log]).toEqual(['new', [null], ['stop', 'close']]);
    expect(state().toast?.text).toMatch(/deleted in another tab/);
  });

  it('stops and closes a chat that goes on unseen, when it is deleted in another tab', async () => {
    const { start, last, store, workspace, state } = await createWorld('a', CHATS);
    await start();
    const first = last();
    first.onRead({ unreadable: 0 });
    first.become(running('Hi'));
    workspace.openChat('b');
    await store.deleteChat('a', 0);
    await settle();
    expect([first.log, state().view, state().toast]).toEqual([['stop', 'close'], 'loading', null]);
  });

  it('that is lost with a broken store leaves the shown chat as it is', async () => {
    const { start, state, last, store, problem } = await createWorld('a', CHATS);
    await start();
    last().onRead({ unreadable: 0 });
    problem.tell('unavailable');
    await store.deleteChat('a', 0);
    await settle();
    expect([state().view, state().chat?.id, state().problem, last().log]).toEqual(['open', 'a', 'unavailable', []]);
  });
});

/** A question and its answer. */
const answered = (text: string): ChatState => reduceChat(running(text), { type: 'reply-stopped', at: 1 });

describe('another wording of a question', () => {
  async function createEdit() {
    const world = await createWorld('a');
    await world.start();
    world.last().onRead({ unreadable: 0 });
    world.last().become(answered('Who?'));
    world.workspace.edit('q');
    return world;
  }

  it('begins with the one that it has, and is sent in its place', async () => {
    const { state, workspace, last } = await createEdit();
    expect(state().edit).toEqual({ questionId: 'q', text: 'Who?' });
    workspace.setEdit('Who else?');
    workspace.sendEdit({ model: 'm' });
    await settle();
    expect([last().log, state().edit, state().draft]).toEqual([['send Who else? m q'], null, '']);
  });

  it('is there again after the page was, and after another chat', async () => {
    const { state, workspace, clock, store } = await createEdit();
    workspace.setEdit('Who else?\nAnd why?');
    await clock.pass(300);
    workspace.openChat('b');
    expect(state().edit).toBeNull();
    const again = await createWorld('a', [], async (each) =>
      each.writeDraft('a/edit', await store.readDraft('a/edit')),
    );
    await again.start();
    expect(again.state().edit).toEqual({ questionId: 'q', text: 'Who else?\nAnd why?' });
    again.workspace.cancelEdit();
    await again.clock.pass(300);
    expect([again.state().edit, await again.store.readDraft('a/edit')]).toEqual([null, '']);
  });

  it('stays where another tab is busy, and can be had back where it was given up', async () => {
    const { state, workspace, last } = await createEdit();
    last().answers.maySend = Promise.resolve(false);
    workspace.setEdit('Who else?');
    workspace.sendEdit({});
    await settle();
    expect([state().edit?.text, state().toast?.text]).toEqual(['Who else?', expect.stringMatching(/^Another tab/)]);
    workspace.cancelEdit();
    expect(state().edit).toBeNull();
    workspace.undo();
    expect(state().edit?.text).toBe('Who else?');
  });
});

describe('an edit that is typed', () => {
  const more: ChatState = {
    ...answered('Who?'),
    messages: [...answered('Who?').messages, { id: 'q2', parentId: 'r', role: 'user', text: 'Where?', createdAt: 9 }],
  };

  async function createEdit() {
    const world = await createWorld('a');
    await world.start();
    world.last().onRead({ unreadable: 0 });
    world.last().become(more);
    world.workspace.edit('q');
    world.workspace.setEdit('Who else?');
    return world;
  }

  it('can be had back where another question is edited in its place', async () => {
    const { state, workspace, clock, store } = await createEdit();
    workspace.edit('q');
    expect(state().edit?.text).toBe('Who else?');
    workspace.edit('q2');
    expect([state().edit?.text, state().toast?.text]).toEqual(['Where?', 'The edit is discarded.']);
    workspace.setEdit('Where else?');
    workspace.undo();
    expect(state().edit).toEqual({ questionId: 'q', text: 'Who else?' });
    workspace.undo();
    expect(state().edit).toEqual({ questionId: 'q2', text: 'Where else?' });
    workspace.undo();
    expect(state().edit?.text).toBe('Who else?');
    await clock.pass(300);
    expect(await store.readDraft('a/edit')).toBe('q\nWho else?');
  });

  it('comes back in its own chat, and takes nothing from another one', async () => {
    const { state, workspace, clock, store, last } = await createEdit();
    workspace.cancelEdit();
    workspace.openChat('b');
    last().onRead({ unreadable: 0 });
    last().become(more);
    workspace.edit('q2');
    workspace.setEdit('Where in b?');
    workspace.undo();
    await clock.pass(300);
    expect([state().chat?.id, state().edit?.text]).toEqual(['a', 'Who else?']);
    expect([await store.readDraft('a/edit'), await store.readDraft('b/edit')]).toEqual([
      'q\nWho else?',
      'q2\nWhere in b?',
    ]);
  });
});

describe('a turn', () => {
  async function createTurns() {
    const world = await createWorld('a', [change('a', 1)]);
    await world.start();
    world.last().onRead({ unreadable: 0 });
    world.last().become(answered('Who?'));
    return world;
  }

  it('is deleted with what belongs to it, and comes back as long as the toast says so', async () => {
    const { state, workspace, last } = await createTurns();
    workspace.deleteMessage('q');
    await settle();
    const deleted = () => Object.keys(last().chat.getSnapshot().choices.deleted);
    expect([deleted(), state().toast?.text]).toEqual([['q', 'r'], 'Question and answer deleted.']);
    workspace.undo();
    await settle();
    expect([deleted(), state().toast]).toEqual([[], null]);
  });

  it('comes back, and its chat is shown, where its person has gone elsewhere meanwhile', async () => {
    const { state, workspace, last, opened } = await createTurns();
    workspace.deleteMessage('q');
    await settle();
    workspace.openChat('b');
    workspace.undo();
    await settle();
    expect([state().chat?.id, opened.length, last().log]).toEqual(['a', 3, ['messages-restored']]);
  });

  it('that cannot come back now can be tried again', async () => {
    const { state, workspace, last } = await createTurns();
    workspace.deleteMessage('q');
    await settle();
    last().answers.maySend = Promise.resolve(false);
    workspace.undo();
    await settle();
    expect(state().toast?.text).toMatch(/^Another tab/);
    last().answers.maySend = Promise.resolve(true);
    workspace.undo();
    await settle();
    expect(last().chat.getSnapshot().choices.deleted).toEqual({});
  });

  it('that was deleted before its question does not come back with it', async () => {
    const { workspace, last } = await createTurns();
    workspace.deleteMessage('r');
    await settle();
    workspace.deleteMessage('q');
    await settle();
    workspace.undo();
    await settle();
    expect(Object.keys(last().chat.getSnapshot().choices.deleted)).toEqual(['r']);
  });

  it('that is being answered is not deleted, nor are the answers before', async () => {
    const { state, workspace, last } = await createTurns();
    last().become(
      reduceChat(answered('Who?'), { type: 'answer-requested', questionId: 'q', replyId: 'r2', settings: {}, at: 2 }),
    );
    workspace.deleteMessage('q');
    await settle();
    expect([last().log, state().toast?.text]).toEqual([[], 'Claude is answering this. Stop the answer first.']);
  });

  it('is asked again, or changed, unless another tab is busy: then that is said', async () => {
    const { state, workspace, last } = await createTurns();
    workspace.regenerate('q', { model: 'm' });
    workspace.choose('r');
    last().answers.maySend = Promise.resolve(false);
    workspace.regenerate('q', { model: 'm' });
    await settle();
    expect(last().log).toEqual(['regenerate q m', 'branch-chosen', 'regenerate q m']);
    expect(state().toast?.text).toMatch(/^Another tab/);
  });

  it('begins a chat of its own, which is shown, with the turns up to it', async () => {
    const { state, workspace, last, opened, browser } = await createTurns();
    workspace.fork('r');
    await settle();
    expect(opened).toHaveLength(2);
    expect([last().isNew, last().beginning?.messages.map(({ role }) => role)]).toEqual([true, ['user', 'assistant']]);
    expect([state().view, state().chat, browser.entries]).toEqual(['open', last().chat, ['a', last().chat.id]]);
  });
});

describe('a message that is sent while a reply runs', () => {
  const queueIn = ({ chat }: { readonly chat: SharedChat }) => chat.getSnapshot().choices.queue;

  async function createQueue() {
    const world = await createWorld('a');
    await world.start();
    world.last().onRead({ unreadable: 0 });
    world.last().become(running('Who?'));
    world.workspace.send('And?', { model: 'm' });
    await settle();
    return world;
  }

  it('waits, and is a draft again to be edited', async () => {
    const { state, workspace, last } = await createQueue();
    expect([queueIn(last()), last().log]).toMatchObject([
      [{ text: 'And?', settings: { model: 'm' } }],
      ['message-queued'],
    ]);
    workspace.setDraft('typed since');
    for (const message of queueIn(last())) workspace.editQueued(message);
    await settle();
    expect([queueIn(last()), state().draft]).toEqual([[], 'And?\n\ntyped since']);
  });

  it('is a draft once, however often that is pressed, and not where it was sent by then', async () => {
    const { state, workspace, last } = await createQueue();
    const [message] = queueIn(last());
    if (!message) return expect.fail('nothing waits');
    workspace.editQueued(message);
    workspace.editQueued(message);
    await settle();
    expect(state().draft).toBe('And?');
    const { chat, become } = last();
    const { id, text } = message;
    const sent = { id, text, role: 'user', parentId: 'q', createdAt: 1 } as const;
    become({ ...chat.getSnapshot(), messages: [...chat.getSnapshot().messages, sent] });
    workspace.editQueued(message);
    workspace.dropQueued(message);
    await settle();
    expect([state().draft, state().toast]).toEqual(['And?', null]);
  });

  it('can be dropped, and had back', async () => {
    const { state, workspace, last } = await createQueue();
    for (const message of queueIn(last())) workspace.dropQueued(message);
    await settle();
    expect([queueIn(last()), state().toast?.text]).toEqual([[], 'Removed from the queue.']);
    workspace.undo();
    await settle();
    expect(queueIn(last())).toMatchObject([{ text: 'And?' }]);
  });

  it('is sent where the reply is over by then', async () => {
    const { workspace, last } = await createQueue();
    last().become({ ...last().chat.getSnapshot(), reply: null });
    workspace.send('Third?', {});
    await settle();
    expect(queueIn(last()).map(({ text }) => text)).toEqual(['And?', 'Third?']);
    expect(last().log.slice(1)).toEqual(['message-queued', 'send next']);
  });

  it('is a draft again where the tab that writes does not answer', async () => {
    const { state, workspace, last } = await createQueue();
    last().answers.maySend = Promise.resolve(false);
    workspace.send('Third?', {});
    await settle();
    expect([state().draft, state().toast?.text]).toEqual(['Third?', expect.stringMatching(/^Another tab/)]);
  });
});

describe('the title of a chat', () => {
  const complete = (text: string): ChatState =>
    reduceChat(running(text), {
      type: 'events-received',
      events: [
        { type: 'text-delta', text: 'A lighthouse keeper.' },
        {
          type: 'reply-end',
          stopReason: 'end_turn',
          usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
          timing: { firstTokenMs: 1, totalMs: 2 },
        },
      ],
      lastSeq: 2,
      at: 1,
    });
  const titled = async ({ start, last }: Awaited<ReturnType<typeof createWorld>>, state: ChatState) => {
    await start();
    last().onRead({ unreadable: 0 });
    last().onAnswer?.(state);
    await settle();
  };

  it('is asked of the small model after the first answer, until the chat has one of its own', async () => {
    const world = await createWorld('a', [change('a', 1)]);
    await titled(world, complete('Who?'));
    expect(world.asked.map(({ model, messages }) => [model, messages[0]?.content])).toEqual([
      ['small', expect.stringContaining('Who?')],
    ]);
    expect(world.state().chats.map(({ title }) => title)).toEqual(['Found']);
    world.last().onAnswer?.(complete('Who?'));
    await settle();
    expect(world.asked).toHaveLength(1);
  });

  it('is not asked for after an answer that was stopped, nor where a person gave one', async () => {
    const stoppedFirst = await createWorld('a', [change('a', 1)]);
    await titled(stoppedFirst, answered('Who?'));
    const named = await createWorld('a', [change('a', 1)], (store) => store.renameChat('a', 'Mine'));
    await titled(named, complete('Who?'));
    expect([stoppedFirst.asked, named.asked]).toEqual([[], []]);
    expect(named.state().chats.map(({ title }) => title)).toEqual(['Mine']);
  });
});

describe('the settings of a chat that is not begun', () => {
  it('are there again when the page is, until it is begun', async () => {
    const first = await createWorld();
    await first.start();
    first.workspace.changeSettings({ model: 'one' });
    first.workspace.changeSettings({ thinking: false });
    const again = await createWorld(null, [], async () => {}, first.kept);
    await again.start();
    expect(again.last().chat.getSnapshot().choices.settings).toEqual({ model: 'one', thinking: false });
    again.workspace.send('Hi', {});
    expect([...again.kept.values()]).toEqual(['']);
  });

  it('are none where what is kept is damaged, or nothing is', async () => {
    for (const kept of [new Map([['rivulet/new-chat', '{"model":7}']]), null]) {
      const { start, last, workspace } = await createWorld(null, [], async () => {}, kept);
      await start();
      expect(last().chat.getSnapshot().choices.settings).toEqual({});
      workspace.changeSettings({ model: 'one' });
      await settle();
      expect(last().chat.getSnapshot().choices.settings).toEqual({ model: 'one' });
    }
  });
});
