import type { Dexie, Transaction } from 'dexie';
import type { StoredMessage, StoredReply } from '@/lib/chat/history';
import type { Prompt } from '@/lib/chat/prompts';
import type { ChatRecord, DraftRecord, FileRecord, SettingRecord } from './stored-records';

/** What a version of the database changed: its tables with their keys and indexes, and how older records become its own. */
export type SchemaVersion = {
  readonly version: number;
  readonly stores: Readonly<Record<string, string | null>>;
  readonly upgrade?: (transaction: Transaction) => PromiseLike<unknown>;
};

/** Every version that was ever released, oldest first. A released one is never changed: the next is appended. */
export const SCHEMA: readonly SchemaVersion[] = [
  {
    version: 1,
    stores: {
      chats: 'id, updatedAt, deletedAt',
      messages: 'id, chatId',
      replies: 'chatId',
      drafts: 'chatId',
      settings: 'name',
    },
  },
  {
    // A running reply says with what it was asked for.
    version: 2,
    stores: { files: 'id, chatId, unsentSince', prompts: 'id' },
    upgrade: (transaction) =>
      transaction
        .table<{ model?: string; settings?: unknown }>('replies')
        .toCollection()
        .modify((reply) => {
          reply.settings ??= reply.model === undefined ? {} : { model: reply.model };
        }),
  },
];

/** The database and its tables. */
export type Tables = ReturnType<typeof tablesOf>;
/** Does something with the database; what fails is a `StoreError`. */
export type Run = <Value>(work: () => PromiseLike<Value>) => Promise<Value>;

/** What is read is unknown: it need not be what was written. */
export function tablesOf(database: Dexie) {
  return {
    database,
    chats: database.table<unknown, string, ChatRecord>('chats'),
    messages: database.table<unknown, string, StoredMessage>('messages'),
    replies: database.table<unknown, string, StoredReply>('replies'),
    drafts: database.table<unknown, string, DraftRecord>('drafts'),
    files: database.table<unknown, string, FileRecord>('files'),
    settings: database.table<unknown, string, SettingRecord>('settings'),
    prompts: database.table<unknown, string, Prompt>('prompts'),
  };
}
