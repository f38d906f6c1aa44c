import { describe, expect, it } from 'vitest';
import { reduceChat } from '@/lib/chat/chat-reducer';
import { type ChatState, EMPTY_CHAT } from '@/lib/chat/chat-state';
import { settle } from './clock.fixture';
import { createOpenChats } from './open-chats';
import type { SharedChat } from './shared-chat';

const RUNNING: ChatState = reduceChat(EMPTY_CHAT, {
  type: 'message-sent',
  message: { id: 'q', parentId: null, role: 'user', text: '?' },
  replyId: 'r',
  settings: {},
  at: 0,
});

function createWorld() {
  const log: string[] = [];
  const running: (readonly string[])[] = [];
  const chats = createOpenChats((chatIds) => running.push(chatIds));
  const states = new Map<string, (state: ChatState) => void>();
  let store = () => {};
  const closing = new Promise<void>((resolve) => {
    store = resolve;
  });
  const openChat = (id: string): SharedChat => {
    let state = EMPTY_CHAT;
    const listeners = new Set<() => void>();
    log.push(`open ${id}`);
    states.set(id, (next) => {
      state = next;
      for (const listener of listeners) listener();
    });
    return {
      id,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      getSnapshot: () => state,
      send: async () => true,
      regenerate: async () => true,
      sendNext: async () => true,
      decide: async () => true,
      stop: () => {},
      flush: async () => void log.push(`flush ${id}`),
      unstored: () => (state === EMPTY_CHAT ? null : { state, isNew: false }),
      close: () => {
        log.push(`close ${id}`);
        return closing;
      },
    };
  };
  const show = (id: string) => {
    const chat = chats.show(id, () => openChat(id));
    chats.settle(id);
    return chat;
  };
  return {
    log,
    running,
    chats,
    openChat,
    show,
    store,
    become: (id: string, state: ChatState) => states.get(id)?.(state),
  };
}

describe('the open chats', () => {
  it('are the shown one: the one before is closed', () => {
    const { log, show, chats } = createWorld();
    const first = show('a');
    expect(show('a')).toBe(first);
    show('b');
    expect(log).toEqual(['open a', 'open b', 'close a']);
    expect([chats.find('a'), chats.find('b')?.id]).toEqual([undefined, 'b']);
  });

  it('are those as well whose reply runs, until it is over', () => {
    const { log, show, become, running, chats } = createWorld();
    const first = show('a');
    become('a', RUNNING);
    show('b');
    expect(chats.find('a')).toBe(first);
    become('b', RUNNING);
    become('a', EMPTY_CHAT);
    become('b', EMPTY_CHAT);
    expect(log).toEqual(['open a', 'open b', 'close a']);
    expect(running).toEqual([['a'], ['a', 'b'], ['b'], []]);
  });

  it('are shown again as they are', () => {
    const { log, show, become } = createWorld();
    const first = show('a');
    become('a', RUNNING);
    show('b');
    expect(show('a')).toBe(first);
    expect(log).toEqual(['open a', 'open b', 'close b']);
  });

  it('are closed where that is asked for, whatever they do, and not heard any more', () => {
    const { log, show, become, running, chats } = createWorld();
    show('a');
    become('a', RUNNING);
    chats.close('a');
    become('a', EMPTY_CHAT);
    chats.close('a');
    expect([log, running]).toEqual([
      ['open a', 'close a'],
      [['a'], []],
    ]);
  });

  it('are not closed before they are read, for a reply may be found', () => {
    const { log, show, chats, openChat, become, running } = createWorld();
    for (const id of ['a', 'b']) chats.keep(id, () => openChat(id));
    show('c');
    expect([log, chats.ids()]).toEqual([
      ['open a', 'open b', 'open c'],
      ['a', 'b', 'c'],
    ]);
    become('a', RUNNING);
    for (const id of ['a', 'b']) chats.settle(id);
    expect([log.slice(3), running, chats.isSettled('a'), chats.isSettled('b')]).toEqual([
      ['close b'],
      [['a']],
      true,
      false,
    ]);
  });

  it('are all stored', () => {
    const { log, show, become, chats } = createWorld();
    show('a');
    become('a', RUNNING);
    show('b');
    chats.flush();
    expect(log.slice(2)).toEqual(['flush a', 'flush b']);
    expect(chats.unstored()).toEqual([{ chatId: 'a', state: RUNNING, isNew: false }]);
  });

  it('are not forgotten when they are closed, until they are stored', async () => {
    const { show, become, chats, store } = createWorld();
    show('a');
    become('a', RUNNING);
    chats.close('a');
    expect(chats.unstored()).toEqual([{ chatId: 'a', state: RUNNING, isNew: false }]);
    store();
    await settle();
    expect(chats.unstored()).toEqual([]);
  });
});

describe('the end of a reply', () => {
  const STOPPED = reduceChat(RUNNING, { type: 'reply-stopped', at: 1 });

  it('is told once, with its chat, also where the chat is not shown', () => {
    const ended: string[] = [];
    const chats = createOpenChats(
      () => {},
      (chat, reply) => ended.push(`${chat.id} ${reply.id}`),
    );
    const { openChat, become } = createWorld();
    for (const id of ['a', 'b']) {
      chats.show(id, () => openChat(id));
      become(id, RUNNING);
      chats.settle(id);
    }
    expect(ended).toEqual([]);
    become('a', STOPPED);
    become('b', STOPPED);
    become('b', STOPPED);
    expect(ended).toEqual(['a r', 'b r']);
  });
});
