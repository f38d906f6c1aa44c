import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_CHOICES } from '@/lib/chat/chat-state';
import type { Chat, StoredMessage, StoredReply } from '@/lib/chat/history';
import type { ChatChange, ChatStore, StoreError } from './chat-store';
import { type IndexedStoreOptions, openIndexedStore } from './indexed-chat-store';
import { SCHEMA, type SchemaVersion } from './indexed-tables';

let databases = 0;
const newName = () => `history-${++databases}`;
const open = (name: string, rest: IndexedStoreOptions = {}) => openIndexedStore({ name, onProblem: fail, ...rest });
const fail = (error: StoreError) => expect.fail(error.message);

/** Ours, and as IndexedDB counts them: this one and the next. */
const NEWEST = Math.max(...SCHEMA.map(({ version }) => version));
const [OURS, NEWER] = [NEWEST * 10, NEWEST * 10 + 10];

const question: StoredMessage = { id: 'q', role: 'user', text: 'Why?', chatId: 'a', parentId: null, createdAt: 1 };
const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4, thinkingTokens: 5 };
const answer: StoredMessage = {
  id: 'r',
  role: 'assistant',
  content: [{ type: 'thinking', text: 'Hm.' }],
  thinkingMs: -3,
  end: { status: 'complete', stopReason: 'end_turn', usage, timing: { firstTokenMs: 1, totalMs: 2 } },
  chatId: 'a',
  parentId: 'q',
  createdAt: 2,
};
const error = { code: 'stalled', message: 'Silence.', retryable: true, retryAfterSeconds: 1, requestId: '' } as const;
const stopped: StoredMessage = { ...answer, id: 's', end: { status: 'stopped', usage } };
const broken: StoredMessage = { ...answer, id: 'b', end: { status: 'interrupted', error, retryAt: 3 } };
const reply: StoredReply = {
  id: 'n',
  content: [{ type: 'text', text: 'Be' }],
  settings: { model: 'm' },
  model: 'm',
  lastSeq: 1,
  isResumable: true,
  connection: 'lost',
  startedAt: 1,
  heardAt: 2,
  thinkingSince: 1,
  thinkingMs: 2,
  chatId: 'a',
  parentId: 'q',
};
const chat: Chat = { id: 'a', title: 'Why?', hasOwnTitle: false, createdAt: 2, updatedAt: 2, choices: NO_CHOICES };
const change: ChatChange = {
  chatId: 'a',
  title: 'Why?',
  at: 2,
  messages: [question, answer],
  isWhole: true,
  choices: NO_CHOICES,
  reply,
};

const settled = <Value>(request: IDBRequest<Value>) =>
  new Promise<Value>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** What another program does to a database, without any of our code. */
async function connect(name: string, version?: number, upgrade?: (database: IDBDatabase) => void) {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => upgrade?.(request.result);
  return await settled(request);
}

async function putRecords(name: string, records: Readonly<Record<string, readonly object[]>>) {
  const database = await connect(name);
  for (const [table, values] of Object.entries(records)) {
    for (const value of values) await settled(database.transaction(table, 'readwrite').objectStore(table).put(value));
  }
  database.close();
}

async function versionOf(name: string) {
  const database = await connect(name);
  database.close();
  return database.version;
}

/** Version 1 as it was released, written down once more. */
function createVersion1(database: IDBDatabase) {
  const chats = database.createObjectStore('chats', { keyPath: 'id' });
  chats.createIndex('updatedAt', 'updatedAt');
  chats.createIndex('deletedAt', 'deletedAt');
  database.createObjectStore('messages', { keyPath: 'id' }).createIndex('chatId', 'chatId');
  for (const table of ['replies', 'drafts']) database.createObjectStore(table, { keyPath: 'chatId' });
  database.createObjectStore('settings', { keyPath: 'name' });
}

const { choices: _choices, hasOwnTitle: _hasOwnTitle, ...chatOfVersion1 } = chat;
const { settings: _settings, ...replyOfVersion1 } = reply;
const RECORDS = {
  chats: [{ ...chatOfVersion1, leafId: 'r' }],
  messages: [question, answer],
  replies: [replyOfVersion1],
  drafts: [{ chatId: 'a', text: 'And' }],
  settings: [{ name: 'model', value: 'm' }],
};
const holds = async (store: ChatStore) => [
  await store.readChat('a'),
  await store.readDraft('a'),
  await store.readSetting('model'),
];
const ALL = [{ chat, messages: [question, answer], reply, unreadable: 0 }, 'And', 'm'];

/** The storage of this machine, with somebody who sees every request to open a database. */
function watchedFactory(see: (request: IDBOpenDBRequest) => void): IDBFactory {
  const open: IDBFactory['open'] = (...given) => {
    const request = indexedDB.open(...given);
    see(request);
    return request;
  };
  return Object.assign(Object.create(indexedDB), { open });
}

/** A timer that ends when it is told to, and whether anybody still waits for it. */
function createTimer() {
  const waiting = new Set<() => void>();
  return {
    waiting,
    schedule: (callback: () => void) => {
      waiting.add(callback);
      return () => waiting.delete(callback);
    },
    ring: () => {
      for (const callback of waiting) callback();
    },
  };
}

beforeEach(() => {
  vi.spyOn(console, 'warn');
});
afterEach(() => {
  expect(console.warn).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

describe('a database of version 1', () => {
  it('is read as it was released, and becomes one of this version', async () => {
    const name = newName();
    (await connect(name, 10, createVersion1)).close();
    await putRecords(name, RECORDS);
    // Nobody knows whose its title is: it stays.
    const [read, ...others] = await holds(await open(name));
    expect(read).toMatchObject({ ...Object(ALL[0]), chat: { ...chat, hasOwnTitle: true } });
    expect(others).toEqual(ALL.slice(1));
    expect(await versionOf(name)).toBe(OURS);
  });

  const next: SchemaVersion = {
    version: NEWEST + 1,
    stores: { chats: 'id, updatedAt, deletedAt, folder' },
    upgrade: (transaction) =>
      transaction
        .table('chats')
        .toCollection()
        .modify((old) => {
          old.title ??= old.name;
          old.folder = 'all';
        }),
  };

  it('becomes one of the next version, with every record in the new shape, and nothing is lost', async () => {
    const name = newName();
    (await connect(name, 10, createVersion1)).close();
    const { title, ...rest } = chatOfVersion1;
    await putRecords(name, { ...RECORDS, chats: [{ ...rest, name: title }] });
    const [read, ...others] = await holds(await open(name, { schema: [...SCHEMA, next] }));
    expect(read).toMatchObject({ ...Object(ALL[0]), chat: { ...chat, hasOwnTitle: true, folder: 'all' } });
    expect(others).toEqual(ALL.slice(1));
    expect(await versionOf(name)).toBe(NEWER);
  });

  it('stays as it was when its upgrade fails', async () => {
    const name = newName();
    await (await open(name)).writeChange(change);
    const upgrade: SchemaVersion['upgrade'] = async (transaction) => {
      await transaction.table('messages').clear();
      throw new TypeError('a bug');
    };
    const opened = open(name, { schema: [...SCHEMA, { ...next, upgrade }], onProblem: () => {} });
    await expect(opened).rejects.toMatchObject({ name: 'StoreError', problem: 'unavailable' });
    expect(await (await open(name)).readChat('a')).toEqual(ALL[0]);
  });

  it('is given all the time that its upgrade takes, once it has begun', async () => {
    const name = newName();
    const { schedule, waiting } = createTimer();
    (await connect(name, 10, createVersion1)).close();
    const seen: number[] = [];
    const upgrade = async () => void seen.push(waiting.size);
    await open(name, { schema: [...SCHEMA, { ...next, upgrade }], schedule });
    expect(seen).toEqual([0]);
  });
});

describe('another tab', () => {
  it('of a newer version takes over at once; from then on everything is outdated, and is said once', async () => {
    const name = newName();
    const problems: StoreError[] = [];
    const store = await open(name, { onProblem: (problem) => problems.push(problem) });
    await store.writeChange(change);
    const leave = store.watchChats(() => {});
    const { version, close } = await openAs(name, NEWER);
    expect(version).toBe(NEWER);
    const calls = [store.readChat('a'), store.writeChange(change), store.writeDraft('a', 'x'), store.readAll()];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((outcome) => 'reason' in outcome && outcome.reason.problem)).toEqual(
      calls.map(() => 'outdated'),
    );
    expect(problems).toMatchObject([{ problem: 'outdated' }]);
    leave();
    close();
  });

  it('that made the database newer before has it to itself', async () => {
    const name = newName();
    (await connect(name, NEWER, createVersion1)).close();
    await expect(open(name)).rejects.toMatchObject({ problem: 'outdated' });
    expect(await versionOf(name)).toBe(NEWER);
  });

  it('that does not let go of an older version makes the history unavailable after a while, and nothing is kept from it', async () => {
    const name = newName();
    const old = await connect(name, 1);
    const { schedule, ring } = createTimer();
    const onProblem = vi.fn();
    let outcome = Promise.resolve();
    await new Promise((resolve) => {
      const factory = watchedFactory((request) => request.addEventListener('blocked', resolve));
      const opened = open(name, { schedule, onProblem, indexedDB: factory });
      outcome = expect(opened).rejects.toMatchObject({ name: 'StoreError', problem: 'unavailable' });
    });
    ring();
    await outcome;
    old.close();
    expect((await openAs(name, NEWER)).version).toBe(NEWER);
    expect(onProblem).not.toHaveBeenCalled();
  });

  it('may delete the database: the history begins anew', async () => {
    const name = newName();
    const onProblem = vi.fn();
    const store = await open(name, { onProblem });
    await store.writeChange(change);
    await settled(indexedDB.deleteDatabase(name));
    expect(await store.readChat('a')).toBeNull();
    await store.writeChange(change);
    expect(await store.readChat('a')).toEqual(ALL[0]);
    expect(onProblem).not.toHaveBeenCalled();
  });

  it('is heard of by whoever watches the chats', async () => {
    const name = newName();
    const [here, there] = [await open(name), await open(name)];
    const told = new Promise<readonly Chat[]>((resolve) => {
      here.watchChats((chats) => chats.length > 0 && resolve(chats));
    });
    await there.writeChange(change);
    expect(await told).toEqual([chat]);
  });

  /** Opens a database as a version that lets go as soon as it is asked to. */
  async function openAs(name: string, version: number) {
    const database = await connect(name, version);
    return { version: database.version, close: () => database.close() };
  }
});

describe('a browser', () => {
  const dom = (name: string) => new DOMException('no', name);

  it.each([
    ['has no storage', null],
    [
      'forbids it',
      {
        open: () => {
          throw dom('SecurityError');
        },
      },
    ],
    [
      'breaks',
      {
        open: () => {
          throw dom('InvalidStateError');
        },
      },
    ],
  ])('that %s makes the history unavailable', async (_, factory) => {
    const opened = open(newName(), { indexedDB: factory as IDBFactory | null });
    await expect(opened).rejects.toMatchObject({ name: 'StoreError', problem: 'unavailable' });
  });

  it('that forbids even to ask for its storage makes the history unavailable', async () => {
    vi.spyOn(globalThis, 'indexedDB', 'get').mockImplementation(() => {
      throw dom('SecurityError');
    });
    await expect(open(newName())).rejects.toMatchObject({ problem: 'unavailable' });
  });

  it('that has no room for one record of a change keeps none of it', async () => {
    const store = await open(newName());
    await store.writeChange({ ...change, messages: [question] });
    const before = await store.readChat('a');
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
      if (this.name === 'replies') throw dom('QuotaExceededError');
      return put.apply(this, given);
    });
    const written = store.writeChange({ ...change, at: 9 });
    await expect(written).rejects.toMatchObject({ name: 'StoreError', problem: 'full' });
    expect(await store.readChat('a')).toEqual(before);
  });

  it('that notices only at the end of a change that it is full keeps none of it', async () => {
    const store = await open(newName());
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...given) {
      const { name, transaction } = this;
      const request = put.apply(this, given);
      const abort = () => Reflect.get(transaction, '_abort').call(transaction, 'QuotaExceededError');
      if (name === 'drafts' || name === 'replies') request.addEventListener('success', abort);
      return request;
    });
    await expect(store.writeDraft('a', 'x')).rejects.toMatchObject({ problem: 'full' });
    await expect(store.writeChange(change)).rejects.toMatchObject({ problem: 'full' });
    expect(await store.readChat('a')).toBeNull();
  });

  it('that closes the database by force opens it again for the next call', async () => {
    const connections: IDBDatabase[] = [];
    const factory = watchedFactory((request) =>
      request.addEventListener('success', () => connections.push(request.result)),
    );
    const store = await open(newName(), { indexedDB: factory });
    await store.writeChange(change);
    for (const connection of [...connections]) {
      const closed = new Promise((resolve) => connection.addEventListener('close', resolve));
      Reflect.apply(forceCloseDatabase, null, [connection]);
      await closed;
    }
    expect(await store.readChat('a')).toEqual(ALL[0]);
    expect(connections).toHaveLength(2);
  });

  it('that fails while the chats are watched is reported, and the next change is told again', async () => {
    const name = newName();
    const problems: StoreError[] = [];
    const told: (readonly Chat[])[] = [];
    let wake = () => {};
    const next = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    const store = await open(name, {
      onProblem: (problem) => {
        problems.push(problem);
        wake();
      },
    });
    const broken = vi.spyOn(IDBIndex.prototype, 'getAll').mockImplementation(() => {
      throw dom('UnknownError');
    });
    const leave = store.watchChats((chats) => {
      told.push(chats);
      wake();
    });
    await next();
    expect([told, problems]).toMatchObject([[], [{ name: 'StoreError', problem: 'unavailable' }]]);
    broken.mockRestore();
    await store.writeChange(change);
    await next();
    expect(told).toEqual([[chat]]);
    leave();
  });
});

/** A record with one of its fields, at whatever depth, made unreadable. */
function damagesOf(record: object): (readonly [path: string, damaged: object])[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const inside = typeof value === 'object' && value !== null ? damagesOf(value) : [];
    const put = (other: unknown) =>
      Object.assign(Array.isArray(record) ? [...record] : { ...record }, { [key]: other });
    return [
      [key, put({ no: 'sense' })] as const,
      ...inside.map(([path, other]) => [`${key}.${path}`, put(other)] as const),
    ];
  });
}

const withoutKeys =
  (...keys: string[]) =>
  ([path]: readonly [string, object]) =>
    !keys.includes(path);

describe('a damaged record', () => {
  it.each([
    ...[question, answer, stopped, broken].flatMap((record) =>
      damagesOf({ ...record, id: 'damaged' })
        .filter(withoutKeys('id', 'chatId'))
        .map(([path, damaged]) => ['messages', path, damaged] as const),
    ),
    ...damagesOf(reply)
      .filter(withoutKeys('chatId', 'settings'))
      .map(([path, damaged]) => ['replies', path, damaged] as const),
    ['messages', 'id, which is no text', { ...question, id: 5 }] as const,
    ['messages', 'id, which is no text', { ...answer, id: 5 }] as const,
    ['messages', 'part, which is nothing', { ...answer, id: 'damaged', content: [null] }] as const,
    ['messages', 'thinkingMs, which is no number', { ...answer, id: 'damaged', thinkingMs: Number.NaN }] as const,
    ['messages', 'time, which is none', { ...question, id: 'damaged', createdAt: Number.NaN }] as const,
    ['messages', 'retryAt, which no calendar has', { ...broken, end: { ...broken.end, retryAt: 1e16 } }] as const,
  ])('of %s is left out and counted: %s', async (table, _, damaged) => {
    const name = newName();
    const store = await open(name);
    await store.writeChange({ ...change, reply: null });
    await putRecords(name, { [table]: [damaged] });
    const whole = { chat, messages: [question, answer], reply: null };
    expect(await store.readChat('a')).toEqual({ ...whole, unreadable: 1 });
    expect(await store.readAll()).toEqual([whole]);
  });

  it.each([
    ...damagesOf(chatOfVersion1).filter(withoutKeys('id')),
    ['deletedAt', { ...chat, deletedAt: 'yesterday' }] as const,
    ['id', { ...chat, id: 5 }] as const,
  ])('of a chat is left out of the list, and the next message makes it whole: %s', async (_, damaged) => {
    const name = newName();
    const store = await open(name);
    await store.writeChange({
      ...change,
      chatId: 'whole',
      messages: [{ ...question, id: 'another', chatId: 'whole' }],
      reply: null,
    });
    await putRecords(name, { chats: [damaged] });
    expect(await store.readChat('a')).toBeNull();
    expect((await store.readAll()).map(({ chat: { id } }) => id)).toEqual(['whole']);
    await store.writeChange(change);
    expect(await store.readChat('a')).toMatchObject({ messages: [question, answer] });
  });

  it.each([
    undefined,
    null,
    'all',
    { ...NO_CHOICES, branches: { q: 7 } },
    { ...NO_CHOICES, deleted: { q: 'yesterday' } },
    { ...NO_CHOICES, settings: { effort: 'enormous' } },
    { ...NO_CHOICES, settings: null },
  ])('of what was decided about a chat is as if it was not decided: %j', async (choices) => {
    const name = newName();
    const store = await open(name);
    await store.writeChange(change);
    await putRecords(name, { chats: [{ ...chat, choices }] });
    expect((await store.readChat('a'))?.chat).toEqual(chat);
  });

  it('of a draft or a setting is none', async () => {
    const name = newName();
    const store = await open(name);
    await putRecords(name, { drafts: [{ chatId: 'a', text: 1 }], settings: [{ name: 'model', value: 1 }] });
    expect(await holds(store)).toEqual([null, '', null]);
  });
});

describe('records that are whole', () => {
  it('are read, also where a newer version has written more into them', async () => {
    const name = newName();
    const store = await open(name);
    await store.writeChange(change);
    const more = { tags: ['x'] };
    await putRecords(name, {
      chats: [{ ...chat, ...more }],
      messages: [{ ...question, ...more }, stopped, { ...broken, end: { ...broken.end, ...more } }],
      replies: [{ ...reply, ...more, model: undefined, isResumable: null, thinkingSince: null, thinkingMs: null }],
    });
    expect(await store.readChat('a')).toMatchObject({ chat: more, reply: more, unreadable: 0 });
    const choices = { ...NO_CHOICES, decidedAt: 3, branches: { q: 'r' } };
    await store.writeChange({ ...change, messages: [], isWhole: false, choices });
    expect((await store.readChat('a'))?.chat).toEqual({ ...chat, ...more, choices });
  });

  it('of one chat are found by indexes, without a walk over the others', async () => {
    const store = await open(newName());
    await store.writeChange(change);
    const walks = (['getAll', 'openCursor'] as const).map((way) => vi.spyOn(IDBObjectStore.prototype, way));
    await store.readChat('a');
    expect(walks.flatMap((walk) => walk.mock.calls)).toEqual([]);
    await store.readAll();
    expect(walks.flatMap((walk) => walk.mock.calls)).not.toEqual([]);
  });

  it('are gone from every table when their chat is purged and their drafts are emptied', async () => {
    const name = newName();
    const store = await open(name);
    await store.writeChange(change);
    await store.writeDraft('a', 'And');
    await store.writeDraft('new', 'Wh');
    await store.writeFile({ id: 'f', chatId: 'a', blob: new Blob(['x']) }, 1);
    await store.deleteChat('a', 1);
    await store.purgeDeleted(2);
    await store.writeDraft('new', '');
    const database = await connect(name);
    const tables = [...database.objectStoreNames];
    const counts = tables.map((table) => settled(database.transaction(table).objectStore(table).count()));
    expect(await Promise.all(counts)).toEqual(tables.map(() => 0));
    database.close();
  });

  it('are not read again by whoever watches the chats, at every checkpoint of a running reply', async () => {
    const store = await open(newName());
    await store.writeChange(change);
    const told = vi.fn();
    const leave = await new Promise<() => void>((resolve) => {
      const left = store.watchChats((chats) => {
        told(chats);
        resolve(() => left());
      });
    });
    await store.writeChange({ ...change, at: 3, messages: [], reply: { ...reply, lastSeq: 2 } });
    await store.readAll();
    await store.readAll();
    expect(told).toHaveBeenCalledOnce();
    leave();
  });
});
