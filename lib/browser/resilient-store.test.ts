import { describe, expect, it, vi } from 'vitest';
import { NO_CHOICES } from '@/lib/chat/chat-state';
import type { Chat } from '@/lib/chat/history';
import { type ChatChange, type ChatStore, StoreError, type StoreProblem } from './chat-store';
import { settle } from './clock.fixture';
import { createMemoryStore } from './memory-chat-store';
import { createResilientStore } from './resilient-store';

const change = (chatId: string, isWhole = true): ChatChange => ({
  chatId,
  title: chatId,
  at: 1,
  messages: [{ id: `${chatId}-q`, role: 'user', text: '?', chatId, parentId: null, createdAt: 1 }],
  isWhole,
  choices: NO_CHOICES,
  reply: null,
});

/** A store that fails for as long as it is told to, and whoever hears its problems. */
async function createWorld() {
  const inner = createMemoryStore();
  const world = { failure: null as unknown, failing: Promise.resolve(), tell: (_: StoreError) => {}, opened: 0 };
  const broken: ChatStore = new Proxy(inner, {
    get: (target, name: keyof ChatStore) =>
      name === 'watchChats' || world.failure === null
        ? target[name]
        : () => world.failing.then(() => Promise.reject(world.failure)),
  });
  const store = createResilientStore(async (onProblem) => {
    world.opened += 1;
    world.tell = onProblem;
    return broken;
  });
  const problems: (StoreProblem | null)[] = [];
  store.watchProblem((problem) => problems.push(problem));
  const lists: (readonly string[])[] = [];
  const leave = store.watchChats((chats: readonly Chat[]) => lists.push(chats.map(({ id }) => id)));
  await store.writeChange(change('a'));
  await settle();
  return { inner, world, store, problems, lists, leave };
}

describe('a store that cannot be opened', () => {
  it.each([
    ['unavailable', new Error('blocked')],
    ['outdated', new StoreError('outdated')],
  ] as const)('is one in memory, and tells why once: %s', async (problem, failure) => {
    const open = vi.fn(() => Promise.reject(failure));
    const store = createResilientStore(open);
    const told: unknown[] = [];
    store.watchProblem((each) => told.push(each));
    await store.writeChange(change('a'));
    await store.writeDraft('a', 'And');
    expect([await store.readDraft('a'), (await store.readChat('a'))?.chat.id]).toEqual(['And', 'a']);
    expect([told, open.mock.calls.length]).toEqual([[null, problem], 1]);
  });
});

describe('a store that opens slowly', () => {
  it('does what it is asked to in that order', async () => {
    const inner = createMemoryStore();
    let open = (_: ChatStore) => {};
    const store = createResilientStore(() => new Promise((resolve) => (open = resolve)));
    const written = store.writeChange(change('a'));
    const titled = store.titleChat('a', 'Found');
    const read = store.readChat('a');
    open(inner);
    await Promise.all([written, titled]);
    expect((await read)?.chat.title).toBe('Found');
  });
});

describe('a store that is full', () => {
  it('stays the store, rejects what it cannot take, and says so until there is room again', async () => {
    const { world, store, inner, problems } = await createWorld();
    world.failure = new StoreError('full');
    for (const id of ['b', 'c']) await expect(store.writeChange(change(id))).rejects.toMatchObject({ problem: 'full' });
    expect(problems).toEqual([null, 'full']);
    world.failure = null;
    await store.writeChange(change('d'));
    expect((await inner.readAll()).map(({ chat }) => chat.id)).toEqual(['d', 'a']);
    expect([problems, world.opened]).toEqual([[null, 'full', null], 1]);
  });
});

describe('a store that breaks', () => {
  it('rejects once, is replaced by one in memory, and whoever watches is told what that holds', async () => {
    const { world, store, inner, problems, lists, leave } = await createWorld();
    expect(lists.at(-1)).toEqual(['a']);
    world.failure = new StoreError('unavailable');
    await expect(store.writeDraft('a', 'And')).rejects.toMatchObject({ problem: 'unavailable' });
    await store.writeDraft('a', 'And');
    await store.writeChange(change('b'));
    await settle();
    expect([await store.readDraft('a'), lists.at(-1), problems]).toEqual(['And', ['b'], [null, 'unavailable']]);
    const told = lists.length;
    world.failure = null;
    await inner.writeChange(change('c'));
    leave();
    await store.writeChange(change('d'));
    await settle();
    expect(lists).toHaveLength(told);
  });

  it('is replaced once, however many calls meet its end', async () => {
    const { world, store } = await createWorld();
    world.failure = new Error('broken');
    let failLate = () => {};
    world.failing = new Promise((resolve) => {
      failLate = resolve;
    });
    const late = expect(store.writeDraft('a', 'One')).rejects.toThrow();
    await settle();
    world.failing = Promise.resolve();
    await expect(store.writeDraft('b', 'Two')).rejects.toThrow();
    await store.writeDraft('c', 'Three');
    failLate();
    await late;
    expect(await store.readDraft('c')).toBe('Three');
  });

  it('is replaced at once where it says that a newer version took over, and is not listened to any more', async () => {
    const { world, store, problems, lists } = await createWorld();
    world.tell(new StoreError('outdated'));
    await settle();
    expect([problems, lists.at(-1)]).toEqual([[null, 'outdated'], []]);
    await store.writeDraft('a', 'And');
    world.tell(new StoreError('outdated'));
    expect(await store.readDraft('a')).toBe('And');
  });

  it('stays where it could only not tell its chats for once', async () => {
    const { world, store, problems } = await createWorld();
    world.tell(new StoreError('unavailable'));
    expect((await store.readChat('a'))?.chat.id).toBe('a');
    expect(problems).toEqual([null]);
  });

  it('rejects the first change that continues a chat which the memory does not have', async () => {
    const { world, store } = await createWorld();
    world.tell(new StoreError('outdated'));
    const checkpoint = { ...change('a', false), messages: [] };
    await expect(store.writeChange(checkpoint)).rejects.toMatchObject({ problem: 'outdated' });
    await expect(store.writeChange(change('a', false))).rejects.toMatchObject({ problem: 'outdated' });
    expect(await store.readChat('a')).toBeNull();
    await store.writeChange(change('a'));
    await store.writeChange(checkpoint);
    await store.writeChange(change('a', false));
    expect((await store.readChat('a'))?.chat.id).toBe('a');
  });

  it('keeps in memory what it took over, also when a change of another chat is refused', async () => {
    const { world, store, inner } = await createWorld();
    await inner.writeChange(change('b'));
    world.failure = new StoreError('unavailable');
    await expect(store.writeChange(change('a', false))).rejects.toMatchObject({ problem: 'unavailable' });
    await store.writeChange(change('a'));
    await expect(store.writeChange(change('b', false))).rejects.toMatchObject({ problem: 'unavailable' });
    await store.writeChange(change('b'));
    expect([(await store.readChat('a'))?.chat.id, (await store.readChat('b'))?.chat.id]).toEqual(['a', 'b']);
  });
});
