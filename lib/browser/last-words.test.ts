import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ChatAction, reduceChat } from '@/lib/chat/chat-reducer';
import { type ChatState, EMPTY_CHAT } from '@/lib/chat/chat-state';
import { restoreChat } from '@/lib/chat/stored-chat';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { changeOf } from './chat-recorder';
import { type ChatStore, StoreError } from './chat-store';
import { createLastWordsBox, type LastWords, storeLastWords } from './last-words';
import { createMemoryStore } from './memory-chat-store';

const sent: ChatAction = {
  type: 'message-sent',
  message: { id: 'question', parentId: null, role: 'user', text: 'Hi?' },
  replyId: 'reply',
  settings: {},
  at: 0,
};
const heard = (lastSeq: number, ...events: readonly ReplyEvent[]): ChatAction => ({
  type: 'events-received',
  events,
  lastSeq,
  at: 0,
});
const text = (words: string): ReplyEvent => ({ type: 'text-delta', text: words });
const stateAfter = (...actions: readonly ChatAction[]) => actions.reduce(reduceChat, EMPTY_CHAT);

const ASKED = stateAfter(sent);
const BEGUN = stateAfter(sent, heard(2, text('One')));
const GROWN = stateAfter(sent, heard(2, text('One')), heard(3, text(', two')));
const STOPPING = stateAfter(sent, heard(2, text('One')), { type: 'stop-requested' });
const ENDED = stateAfter(sent, heard(2, text('One')), heard(3, { type: 'reply-stopped' }));

/** A place that holds these words. */
const holding = (...words: readonly Partial<LastWords>[]) => ({
  leave: () => {},
  take: () => words.map((each) => ({ at: 0, chats: [], drafts: [], ...each })),
});

const chatsOf = (state: ChatState, isNew = false) => [{ chatId: 'a', state, isNew }];

async function storeOf(state: ChatState | null): Promise<ChatStore> {
  const store = createMemoryStore();
  if (state) await store.writeChange(changeOf('a', state, () => false, 0));
  return store;
}

describe('the last words of a page', () => {
  it.each<[string, ChatState | null, ChatState, ChatState]>([
    ['a question that nothing is known of', null, ASKED, ASKED],
    ['words that came after the last checkpoint', BEGUN, GROWN, GROWN],
    ['a stop that was asked for', BEGUN, STOPPING, STOPPING],
    ['the end of a reply', BEGUN, ENDED, ENDED],
    ['not fewer words than are stored', GROWN, BEGUN, GROWN],
    ['no reply that another tab has read to its end', ENDED, BEGUN, ENDED],
  ])('bring into the store: %s', async (_what, stored, left, expected) => {
    const store = await storeOf(stored);
    await storeLastWords(store, holding({ chats: chatsOf(left, stored === null) }), 1);
    const found = (await store.readChat('a')) ?? expect.fail('the chat is not stored');
    const { messages, reply } = restoreChat(found);
    expect(messages).toEqual(expected.messages);
    const known = (of: ChatState['reply']) => of && [of.id, of.content, of.lastSeq, of.connection];
    expect(known(reply)).toEqual(known(expected.reply));
  });

  it('bring back no chat that was deleted meanwhile', async () => {
    const store = await storeOf(BEGUN);
    await store.deleteChat('a', 0);
    await storeLastWords(store, holding({ chats: chatsOf(GROWN) }), 1);
    await store.purgeDeleted(1);
    await storeLastWords(store, holding({ chats: chatsOf(GROWN) }), 1);
    expect(await store.readChat('a')).toBeNull();
  });

  it('hold drafts, which are stored unless they are old', async () => {
    const store = createMemoryStore();
    const left = (at: number, chatId: string) => ({ at, drafts: [{ chatId, text: 'half a' }] });
    await storeLastWords(store, holding(left(0, 'old'), left(60_000, 'new')), 60_001);
    expect([await store.readDraft('old'), await store.readDraft('new')]).toEqual(['', 'half a']);
  });

  it('that cannot be stored, or are none, take nothing else with them', async () => {
    const store = await storeOf(BEGUN);
    const failing: ChatStore = { ...store, writeChange: () => Promise.reject(new StoreError('full')) };
    const none = [null, 7, { chatId: 'a', isNew: true, state: { messages: 7 } }] as unknown as ReturnType<
      typeof chatsOf
    >;
    const garbage = { chats: [...none, ...chatsOf(GROWN)] };
    const draft = { drafts: [{ chatId: 'a', text: 'half a' }] };
    await storeLastWords(failing, holding(garbage, draft), 1);
    expect(await store.readDraft('a')).toBe('half a');
  });
});

describe('the place of last words', () => {
  beforeEach(() => vi.stubGlobal('localStorage', createStorage()));
  afterEach(() => vi.unstubAllGlobals());

  const words: LastWords = { at: 1, chats: [], drafts: [{ chatId: 'a', text: 'half a' }] };

  it('gives those of every page once', () => {
    createLastWordsBox('one').leave(words);
    createLastWordsBox('two').leave({ ...words, at: 2 });
    const box = createLastWordsBox('three');
    expect(box.take()).toEqual([words, { ...words, at: 2 }]);
    expect(box.take()).toEqual([]);
  });

  it('has the newest of each page, and none of a page that has come back', () => {
    const box = createLastWordsBox('one');
    box.leave(words);
    box.leave({ ...words, at: 2 });
    expect(box.take()).toEqual([{ ...words, at: 2 }]);
    box.leave(words);
    box.leave({ at: 3, chats: [], drafts: [] });
    expect(box.take()).toEqual([]);
  });

  it('passes over what others have written', () => {
    localStorage.setItem('theme', 'dark');
    for (const [name, garbage] of ['', '{', 'null', '{"chats":1,"drafts":[],"at":1}'].entries()) {
      localStorage.setItem(`rivulet/last-words/${name}`, garbage);
    }
    createLastWordsBox('one').leave(words);
    expect(createLastWordsBox('two').take()).toEqual([words]);
    expect(localStorage.getItem('theme')).toBe('dark');
  });

  it('is empty where the browser gives none, and says nothing of it', () => {
    vi.stubGlobal('localStorage', undefined);
    const box = createLastWordsBox('one');
    box.leave(words);
    expect(box.take()).toEqual([]);
  });
});

/** As much of a browser's storage as is used: its keys are its own properties. */
function createStorage() {
  const storage: Record<string, unknown> = {};
  const define = (name: string, value: unknown) => Object.defineProperty(storage, name, { value, enumerable: false });
  define('getItem', (key: string) => storage[key] ?? null);
  define('setItem', (key: string, value: string) => {
    storage[key] = value;
  });
  define('removeItem', (key: string) => {
    delete storage[key];
  });
  return storage;
}
