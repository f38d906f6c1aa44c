/**
 * The files among the tables. In a transaction nothing is to be awaited that may not ask the database anything, as an async
 * function that returns early: Dexie loses the transaction over it, which is then over too early and fails.
 */
import type { ChatStore } from './chat-store';
import { fileIdsOf, ownersOf } from './file-owners';
import type { Run, Tables } from './indexed-tables';
import { type DraftRecord, findChatRecord, isDraftRecord, isFileRecord, isStoredMessage } from './stored-records';

/** From now on these files, at least one, are a chat's. None of them is without a message any more. */
export async function ownFiles(files: Tables['files'], ids: readonly string[], chatId: string): Promise<void> {
  const found = (await files.bulkGet([...ids])).filter(isFileRecord);
  await files.bulkPut(found.map(({ id, blob }) => ({ id, chatId, blob })));
}

/**
 * What waited with these files, at least one, waits no more. They are removed with what was deleted then, unless something
 * names them.
 */
export async function dropFiles(files: Tables['files'], ids: readonly string[], at: number): Promise<void> {
  const found = (await files.bulkGet([...ids])).filter(isFileRecord);
  await files.bulkPut(found.map((file) => ({ ...file, unsentSince: at, isDropped: true })));
}

/** The files that were dropped before this time. */
export async function droppedBefore(files: Tables['files'], before: number): Promise<readonly string[]> {
  const unsent = (await files.where('unsentSince').below(before).toArray()).filter(isFileRecord);
  return unsent.filter(({ isDropped }) => isDropped).map(({ id }) => id);
}

/**
 * Removes files, at least one, but for those that something names: the same question in other words, or another chat, where
 * two tabs have sent one draft. Then they are that chat's.
 */
export async function removeFiles({ chats, messages, drafts, files }: Tables, ids: readonly string[]): Promise<void> {
  const written = (await drafts.toArray()).filter(isDraftRecord);
  const waiting = (await chats.toArray()).flatMap((chat) => findChatRecord(chat) ?? []);
  const said = (await messages.toArray()).filter(isStoredMessage);
  const owners = ownersOf(written, waiting, said);
  await files.bulkDelete(ids.filter((id) => !owners.has(id)));
  for (const id of ids) {
    const chatId = owners.get(id);
    if (chatId !== undefined) await files.update(id, { chatId, isDropped: undefined });
  }
}

/** Words and files of a draft are written apart, and neither takes the other with it. An empty draft is none. */
export async function changeDraft(
  drafts: Tables['drafts'],
  chatId: string,
  changes: Partial<Pick<DraftRecord, 'text' | 'attachments'>>,
): Promise<void> {
  const found = await drafts.get(chatId);
  const draft = { ...(isDraftRecord(found) ? found : { chatId, text: '' }), ...changes };
  if (draft.text === '' && !draft.attachments?.length) await drafts.delete(chatId);
  else await drafts.put(draft);
}

export function filesIn({ database, drafts, files, messages }: Tables, run: Run) {
  return {
    readDraftFiles: async (chatId) => {
      const draft = await run(() => drafts.get(chatId));
      return isDraftRecord(draft) ? (draft.attachments ?? []) : [];
    },
    writeDraftFiles: (chatId, attachments) =>
      run(() => database.transaction('rw', drafts, () => changeDraft(drafts, chatId, { attachments }))),
    writeFile: (file, at) => run(async () => void (await files.put({ ...file, unsentSince: at }))),
    readFile: async (id) => {
      const file = await run(() => files.get(id));
      return isFileRecord(file) ? file.blob : null;
    },
    tidyFiles: (before) =>
      run(() =>
        database.transaction('rw', [drafts, files, messages], async () => {
          // Most often there are none, and then nothing else is read.
          const unsent = (await files.where('unsentSince').below(before).toArray()).filter(isFileRecord);
          const old = unsent.filter(({ isDropped }) => !isDropped);
          if (old.length === 0) return;
          const written = (await drafts.toArray()).filter(isDraftRecord);
          const turns = await messages
            .where('chatId')
            .anyOf(old.map(({ chatId }) => chatId))
            .toArray();
          const named = new Set([
            ...written.flatMap(({ attachments = [] }) => attachments.map(({ id }) => id)),
            ...fileIdsOf(turns.filter(isStoredMessage)),
          ]);
          await files.bulkDelete(old.map(({ id }) => id).filter((id) => !named.has(id)));
        }),
      ),
  } satisfies Partial<ChatStore>;
}
