import { Dexie, liveQuery } from 'dexie';
import { type ChatStore, StoreError } from './chat-store';
import { editKey } from './edit-draft';
import { fileIdsOf, unqueuedFileIds } from './file-owners';
import { changeDraft, dropFiles, droppedBefore, filesIn, ownFiles, removeFiles } from './indexed-files';
import { type Run, SCHEMA, type SchemaVersion, type Tables, tablesOf } from './indexed-tables';
import { type Schedule, scheduleTimeout } from './schedule';
import {
  assembleChats,
  chatAfter,
  deletedBefore,
  findChatRecord,
  hasWords,
  isDraftRecord,
  isKept,
  isPrompt,
  isSettingRecord,
  isStoredMessage,
  isStoredReply,
  shownChats,
  withoutWords,
} from './stored-records';

/** Longer than a slow disk takes. What takes longer is held up by a tab that does not let go of an older version. */
const OPEN_TIMEOUT_MS = 3000;

export type IndexedStoreOptions = {
  readonly name?: string;
  readonly schema?: readonly SchemaVersion[];
  /** Null where there is none. */
  readonly indexedDB?: IDBFactory | null;
  /** How long other tabs may hold up the opening. An upgrade that has begun takes its time. */
  readonly openTimeoutMs?: number;
  readonly schedule?: Schedule;
  /**
   * Hears what no call can be rejected with: that a newer version took over, at once, and that what is watched could not
   * be read; what was told last stays, and the next change reads it again. Default: an error of the page.
   */
  readonly onProblem?: (error: StoreError) => void;
};

/**
 * The history in IndexedDB. Rejects with a `StoreError`: `outdated` where the database is of a newer version, `unavailable`
 * where there is none or another tab holds it up. Gives way to a newer version; from then on everything is `outdated`.
 */
export async function openIndexedStore(options: IndexedStoreOptions = {}): Promise<ChatStore> {
  const { onProblem = (error) => globalThis.reportError(error) } = options;
  let isOutdated = false;
  const toProblem = (error: unknown) => (isOutdated ? new StoreError('outdated', error) : toStoreError(error));
  const run = async <Value>(work: () => PromiseLike<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      throw toProblem(error);
    }
  };
  const giveWay = () => {
    isOutdated = true;
    onProblem(new StoreError('outdated'));
  };
  const tables = await run(async () => tablesOf(await openDatabase(options, giveWay)));
  const onFailure = (error: unknown) => !isOutdated && onProblem(toProblem(error));
  const readPrompts = async () => (await tables.prompts.toArray()).filter(isPrompt);
  return {
    watchChats: (listener) => watch(async () => newestFirst(tables), listener, onFailure),
    watchPrompts: (listener) => watch(readPrompts, listener, onFailure),
    ...readersOf(tables, run),
    ...writersOf(tables, run),
    ...filesIn(tables, run),
  };
}

async function openDatabase(options: IndexedStoreOptions, giveWay: () => void): Promise<Dexie> {
  const { name = 'rivulet', schema = SCHEMA, openTimeoutMs = OPEN_TIMEOUT_MS, schedule = scheduleTimeout } = options;
  // Merely asking for it throws in some browsers that block storage.
  const factory = options.indexedDB === undefined ? globalThis.indexedDB : options.indexedDB;
  if (!factory) throw new StoreError('unavailable');
  let isGivenUp = false;
  const open = (asked: string, version = nativeVersionOf(schema)) => {
    const request = factory.open(asked, version);
    request.addEventListener('upgradeneeded', () => cancel());
    request.addEventListener('success', () => isGivenUp && request.result.close());
    return request;
  };
  // Never called: its being there keeps Dexie from a database of its own for the names of databases.
  const world = { open, databases: () => factory.databases() };
  // Without a cache, what is told is what is stored.
  const database = new Dexie(name, { indexedDB: world, cache: 'disabled' });
  for (const { version, stores, upgrade } of schema) {
    const declared = database.version(version).stores(stores);
    if (upgrade) declared.upgrade(upgrade);
  }
  // False keeps Dexie from its own answer to both: a warning on the console, and to take the database back.
  database.on('blocked', () => false);
  database.on('versionchange', ({ newVersion }) => {
    // A deleted database is opened again by the next call, as after a page comes back from the cache of the browser.
    database.close({ disableAutoOpen: newVersion !== null });
    if (newVersion !== null) giveWay();
    return false;
  });
  const cancel = schedule(() => {
    isGivenUp = true;
    database.close();
  }, openTimeoutMs);
  await database.open().finally(cancel);
  return database;
}

/**
 * What Dexie calls version 1 is 10 in IndexedDB. It is always said: without it Dexie opens a database that is newer than this
 * code as if it were its own, and would even patch it.
 */
function nativeVersionOf(schema: readonly SchemaVersion[]): number {
  return Math.max(...schema.map(({ version }) => version)) * 10;
}

/** Turned around only here: many browsers walk an index backwards record by record. */
const newestFirst = ({ chats }: Tables) =>
  chats
    .orderBy('updatedAt')
    .toArray()
    .then((records) => shownChats(records.toReversed()));

function watch<Value>(
  read: () => Promise<Value>,
  listener: (value: Value) => void,
  onFailure: (error: unknown) => void,
): () => void {
  // A failure is told as a value: a live query keeps it to itself where the database is closed.
  const query = () =>
    read().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  const subscription = liveQuery<Awaited<ReturnType<typeof query>>>(query).subscribe((told) => {
    if ('value' in told) listener(told.value);
    else onFailure(told.error);
  });
  return () => subscription.unsubscribe();
}

function readersOf(tables: Tables, run: Run) {
  const { database, chats, messages, replies, drafts, settings } = tables;
  const all = [chats, messages, replies];
  return {
    readChat: (chatId) =>
      run(() =>
        database.transaction('r', all, async () => {
          const [chat] = shownChats([await chats.get(chatId)]);
          if (!chat) return null;
          const turns = await messages.where('chatId').equals(chatId).toArray();
          const reply = await replies.get(chatId);
          const records = [...turns, ...(reply === undefined ? [] : [reply])];
          const [readable, running] = [turns.filter(isStoredMessage), [reply].filter(isStoredReply)];
          const [found] = assembleChats([chat], readable, running);
          return found ? { ...found, unreadable: records.length - readable.length - running.length } : null;
        }),
      ),
    listRunning: () =>
      run(() =>
        database.transaction('r', all, async () => {
          const chatIds = await replies.toCollection().primaryKeys();
          return shownChats(await chats.bulkGet(chatIds)).map(({ id }) => id);
        }),
      ),
    readDraft: async (chatId) => {
      const draft = await run(() => drafts.get(chatId));
      return isDraftRecord(draft) ? draft.text : '';
    },
    readSetting: async (name) => {
      const setting = await run(() => settings.get(name));
      return isSettingRecord(setting) ? setting.value : null;
    },
    readAll: () =>
      run(() =>
        database.transaction('r', all, async () => {
          const shown = await newestFirst(tables);
          const turns = await messages.toArray();
          const running = await replies.toArray();
          return assembleChats(shown, turns.filter(isStoredMessage), running.filter(isStoredReply));
        }),
      ),
  } satisfies Partial<ChatStore>;
}

function writersOf(tables: Tables, run: Run) {
  const { database, chats, messages, replies, drafts, files, settings, prompts } = tables;
  return {
    writeChange: (change) =>
      run(() =>
        database.transaction('rw', [chats, messages, replies, files], async () => {
          const stored = findChatRecord(await chats.get(change.chatId));
          const chat = chatAfter(change, stored);
          if (!chat) return;
          // A checkpoint leaves the chat as it is: writing it would have every tab read its list of chats again.
          if (chat !== stored) await chats.put(chat);
          // A turn never changes. One that is stored late, by a tab that was frozen, must not get younger than its successors.
          for (const message of change.messages) {
            const known = [await messages.get(message.id)].find(isStoredMessage);
            if (!isKept(known, change))
              await messages.put(known ? { ...message, createdAt: known.createdAt } : message);
          }
          const dropped = unqueuedFileIds(stored, chat);
          if (dropped.length > 0) await dropFiles(files, dropped, change.at);
          const owned = fileIdsOf([...change.messages, ...chat.choices.queue]);
          if (owned.length > 0) await ownFiles(files, owned, chat.id);
          if (change.reply) await replies.put(change.reply);
          else await replies.delete(chat.id);
        }),
      ),
    renameChat: (chatId, title) => run(async () => void (await chats.update(chatId, { title, hasOwnTitle: true }))),
    titleChat: (chatId, title) =>
      run(() =>
        database.transaction('rw', chats, async () => {
          const stored = findChatRecord(await chats.get(chatId));
          if (stored?.hasOwnTitle === false) await chats.update(chatId, { title, hasOwnTitle: true });
        }),
      ),
    deleteChat: (chatId, at) => run(async () => void (await chats.update(chatId, { deletedAt: at }))),
    restoreChat: (chatId) => run(async () => void (await chats.update(chatId, { deletedAt: undefined }))),
    purgeDeleted: (before) =>
      run(() =>
        database.transaction('rw', [chats, messages, replies, drafts, files], async () => {
          const chatIds = await chats.where('deletedAt').below(before).primaryKeys();
          const left = await files.where('chatId').anyOf(chatIds).primaryKeys();
          await messages.where('chatId').anyOf(chatIds).delete();
          for (const table of [chats, replies, drafts]) await table.bulkDelete(chatIds);
          await drafts.bulkDelete(chatIds.map(editKey));
          const toErase = shownChats(await chats.toArray()).flatMap((chat) => deletedBefore(chat, before));
          const erased = (await messages.bulkGet([...toErase])).filter(isStoredMessage).filter(hasWords);
          await messages.bulkPut(erased.map(withoutWords));
          const dropped = await droppedBefore(files, before);
          const fileIds = [...left, ...dropped, ...fileIdsOf(erased)];
          if (fileIds.length > 0) await removeFiles(tables, fileIds);
        }),
      ),
    writeDraft: (chatId, text) =>
      run(() => database.transaction('rw', drafts, () => changeDraft(drafts, chatId, { text }))),
    writeSetting: (name, value) => run(async () => void (await settings.put({ name, value }))),
    writePrompt: (prompt) => run(async () => void (await prompts.put(prompt))),
    deletePrompt: (id) => run(() => prompts.delete(id)),
  } satisfies Partial<ChatStore>;
}

/** What the browser said is often deep inside of what Dexie throws. */
function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  for (let cause: unknown = error; cause instanceof Error; cause = 'inner' in cause ? cause.inner : null) {
    if (cause.name === 'QuotaExceededError') return new StoreError('full', error);
    if (cause.name === 'VersionError') return new StoreError('outdated', error);
  }
  return new StoreError('unavailable', error);
}
