import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attachment } from '@/lib/chat/attachment';
import { NO_CHOICES } from '@/lib/chat/chat-state';
import type { Chat, StoredMessage, StoredReply } from '@/lib/chat/history';
import type { Prompt } from '@/lib/chat/prompts';
import { type ChatChange, type ChatStore, NEW_CHAT } from './chat-store';
import { openIndexedStore } from './indexed-chat-store';
import { createMemoryStore } from './memory-chat-store';

let databases = 0;
const openFreshStore = () => openIndexedStore({ name: `chats-${++databases}` });

const question = (chatId: string, createdAt: number, id = `${chatId}-question-${createdAt}`): StoredMessage => ({
  id,
  role: 'user',
  text: `What is ${createdAt}?`,
  chatId,
  parentId: null,
  createdAt,
});

const answer = (chatId: string, createdAt: number): StoredMessage => ({
  id: `${chatId}-answer-${createdAt}`,
  role: 'assistant',
  content: [{ type: 'text', text: 'A number.' }],
  thinkingMs: null,
  end: { status: 'stopped' },
  chatId,
  parentId: null,
  createdAt,
});

const running = (chatId: string, lastSeq = 1): StoredReply => ({
  id: `${chatId}-reply`,
  content: [],
  settings: {},
  model: undefined,
  lastSeq,
  isResumable: true,
  connection: 'open',
  startedAt: 1,
  heardAt: 2,
  thinkingSince: null,
  thinkingMs: null,
  chatId,
  parentId: `${chatId}-question-1`,
});

/** What was decided at a time, told apart by it. */
const decidedAt = (at: number) => ({ ...NO_CHOICES, decidedAt: at });

const change = (chatId: string, at: number, rest: Partial<ChatChange> = {}): ChatChange => ({
  chatId,
  title: `Title of ${chatId}`,
  at,
  messages: [question(chatId, at)],
  isWhole: true,
  choices: decidedAt(at),
  reply: null,
  ...rest,
});

/** The lists of chats as they are told; `until` waits for one that is as it is looked for. */
function watch(store: ChatStore) {
  const told: (readonly Chat[])[] = [];
  let wake = () => {};
  const leave = store.watchChats((chats) => {
    told.push(chats);
    wake();
  });
  const ids = () => told.at(-1)?.map(({ id }) => id);
  const until = async (isIt: (chats: readonly Chat[]) => boolean) => {
    while (!isIt(told.at(-1) ?? []) || told.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return ids();
  };
  return { told, leave, until };
}

describe.each([
  ['in memory', async () => createMemoryStore()],
  ['in IndexedDB', openFreshStore],
])('a store %s', (_, openStore) => {
  it('tells the prompts whenever one is written or deleted, until its listener leaves', async () => {
    const store = await openStore();
    const told: (readonly Prompt[])[] = [];
    const next = (act: () => unknown) =>
      new Promise<readonly Prompt[]>((resolve) => {
        const leave = store.watchPrompts((prompts) => {
          told.push(prompts);
          if (told.length === 1) act();
          else resolve(prompts);
          if (told.length > 1) leave();
        });
      });
    const prompt = { id: 'a', name: 'Mine', text: 'A text' };
    expect(await next(() => store.writePrompt(prompt))).toEqual([prompt]);
    told.length = 0;
    expect(await next(() => store.writePrompt({ ...prompt, text: 'Another' }))).toEqual([
      { ...prompt, text: 'Another' },
    ]);
    told.length = 0;
    expect(await next(() => store.deletePrompt('a'))).toEqual([]);
  });

  describe('a change', () => {
    it('begins a chat, and all that it holds is read again', async () => {
      const store = await openStore();
      expect(await store.readChat('a')).toBeNull();
      const messages = [answer('a', 6), question('a', 5)];
      await store.writeChange(change('a', 5, { messages, reply: running('a') }));
      expect(await store.readChat('a')).toEqual({
        chat: { id: 'a', title: 'Title of a', hasOwnTitle: false, createdAt: 5, updatedAt: 5, choices: decidedAt(5) },
        messages: messages.toReversed(),
        reply: running('a'),
        unreadable: 0,
      });
    });

    it('of a chat that is stored leaves its name and its beginning as they are', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1));
      await store.renameChat('a', 'Renamed');
      await store.writeChange(change('a', 2, { title: 'Another' }));
      expect((await store.readChat('a'))?.chat).toEqual({
        id: 'a',
        title: 'Renamed',
        hasOwnTitle: true,
        createdAt: 1,
        updatedAt: 2,
        choices: decidedAt(2),
      });
    });

    it('names a chat anew that has no title of its own, unless it comes later than what was decided since', async () => {
      const store = await openStore();
      const titles = async () => (await store.readAll()).map(({ chat }) => chat.title);
      await store.writeChange(change('a', 1));
      await store.writeChange(change('a', 5, { title: 'What is left', messages: [] }));
      await store.writeChange(change('a', 4, { title: 'What was deleted', isWhole: false }));
      expect(await titles()).toEqual(['What is left']);
      await store.titleChat('a', 'Numbers');
      await store.writeChange(change('a', 6, { title: 'What is left', messages: [] }));
      expect(await titles()).toEqual(['Numbers']);
    });

    it('without a message moves what is shown, and does not make the chat newer', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1));
      await store.writeChange(change('a', 2, { messages: [], reply: running('a') }));
      expect((await store.readChat('a'))?.chat).toMatchObject({ updatedAt: 1, choices: decidedAt(2) });
    });

    it('without a message begins no chat: a late checkpoint brings nothing back', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1, { messages: [], reply: running('a') }));
      expect(await store.readChat('a')).toBeNull();
      await store.writeChange(change('a', 2));
      expect((await store.readChat('a'))?.reply).toBeNull();
    });

    it('takes the place of the running reply, or removes it', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1, { reply: running('a', 1) }));
      await store.writeChange(change('a', 2, { messages: [], reply: running('a', 2) }));
      expect((await store.readChat('a'))?.reply).toEqual(running('a', 2));
      await store.writeChange(change('a', 3, { messages: [answer('a', 3)] }));
      expect((await store.readChat('a'))?.reply).toBeNull();
    });

    it('with a turn that is stored already stores it once', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1));
      await store.writeChange(change('a', 2, { messages: [question('a', 1), question('a', 2)] }));
      expect((await store.readChat('a'))?.messages).toEqual([question('a', 1), question('a', 2)]);
    });

    it('touches no other chat, and no draft', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1, { reply: running('a') }));
      await store.writeDraft('b', 'half a');
      const before = await store.readChat('a');
      await store.writeChange(change('b', 2));
      expect(await store.readChat('a')).toEqual(before);
      expect(await store.readDraft('b')).toBe('half a');
    });
  });

  describe('a deleted chat', () => {
    it('is hidden everywhere until it is restored as it was', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1, { reply: running('a') }));
      await store.writeChange(change('b', 2));
      const before = await store.readChat('a');
      await store.deleteChat('a', 3);
      expect(await store.readChat('a')).toBeNull();
      expect((await store.readAll()).map(({ chat }) => chat.id)).toEqual(['b']);
      await store.restoreChat('a');
      expect(await store.readChat('a')).toEqual(before);
    });

    it('is not brought back by a late change, of which nothing is kept', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1));
      const before = await store.readChat('a');
      await store.deleteChat('a', 2);
      await store.writeChange(change('a', 3, { reply: running('a') }));
      expect(await store.readChat('a')).toBeNull();
      await store.restoreChat('a');
      expect(await store.readChat('a')).toEqual(before);
    });

    it('is among those that run as long as it is not deleted, and until its reply is over', async () => {
      const store = await openStore();
      for (const id of ['a', 'b', 'c']) await store.writeChange(change(id, 1, { reply: running(id) }));
      await store.writeChange(change('b', 2));
      await store.deleteChat('c', 3);
      expect(await store.listRunning()).toEqual(['a']);
    });

    it('is gone with all that belongs to it when it is purged, and only then', async () => {
      const store = await openStore();
      for (const id of ['a', 'b', 'c']) {
        await store.writeChange(change(id, 1, { reply: running(id) }));
        await store.writeDraft(id, `draft of ${id}`);
      }
      await store.deleteChat('a', 10);
      await store.deleteChat('b', 20);
      await store.purgeDeleted(20);
      await store.restoreChat('a');
      await store.restoreChat('b');
      expect((await store.readAll()).map(({ chat, reply }) => [chat.id, reply])).toEqual([
        ['c', running('c')],
        ['b', running('b')],
      ]);
      expect(await Promise.all(['a', 'b', 'c'].map(store.readDraft))).toEqual(['', 'draft of b', 'draft of c']);
      // The end of a reply that nobody has heard of the deletion.
      await store.writeChange(change('a', 30, { isWhole: false }));
      expect(await store.readChat('a')).toBeNull();
      await store.writeChange(change('a', 30));
      expect(await store.readChat('a')).toMatchObject({ messages: [question('a', 30)], reply: null });
    });
  });

  it('keeps the words of a deleted turn as long as it can come back, and then its place alone', async () => {
    const store = await openStore();
    const choices = { ...decidedAt(5), deleted: { 'a-question-1': 5, 'a-answer-2': 20 } };
    await store.writeChange(change('a', 5, { messages: [question('a', 1), answer('a', 2)], choices }));
    await store.purgeDeleted(5);
    expect((await store.readChat('a'))?.messages).toEqual([question('a', 1), answer('a', 2)]);
    await store.purgeDeleted(6);
    expect((await store.readChat('a'))?.messages).toEqual([{ ...question('a', 1), text: '' }, answer('a', 2)]);
    await store.purgeDeleted(21);
    expect((await store.readChat('a'))?.messages[1]).toEqual({ ...answer('a', 2), content: [] });
  });

  it('has the words of a turn again that is brought back after they were erased, and only then', async () => {
    const store = await openStore();
    const turns = [question('a', 1), answer('a', 2)];
    const gone = { ...decidedAt(5), deleted: { 'a-question-1': 5, 'a-answer-2': 5 } };
    await store.writeChange(change('a', 5, { messages: turns, choices: gone }));
    await store.purgeDeleted(6);
    await store.writeChange(change('a', 7, { messages: turns, choices: { ...gone, decidedAt: 7 } }));
    expect((await store.readChat('a'))?.messages[1]).toEqual({ ...answer('a', 2), content: [] });
    await store.writeChange(change('a', 8, { messages: turns, choices: decidedAt(8) }));
    expect((await store.readChat('a'))?.messages).toEqual(turns);
  });

  it('keeps what was decided last, also where a tab that was frozen comes later', async () => {
    const store = await openStore();
    await store.writeChange(change('a', 1, { choices: { ...decidedAt(5), deleted: { 'a-question-1': 5 } } }));
    await store.writeChange(change('a', 2, { choices: decidedAt(4), isWhole: false }));
    const stored = await store.readChat('a');
    expect([stored?.chat.choices.decidedAt, stored?.messages.length]).toEqual([5, 2]);
  });

  it('keeps the age of a turn, however often it is stored: later ones stand behind it', async () => {
    const store = await openStore();
    const turn = question('a', 1);
    await store.writeChange(change('a', 1));
    await store.writeChange(change('a', 2, { messages: [{ ...turn, createdAt: 2 }] }));
    expect((await store.readChat('a'))?.messages).toEqual([turn]);
  });

  it('takes a title for a chat that has none of its own, and none in the place of one', async () => {
    const store = await openStore();
    await store.writeChange(change('a', 1));
    await store.titleChat('a', 'Numbers');
    await store.titleChat('a', 'Other numbers');
    expect((await store.readChat('a'))?.chat.title).toBe('Numbers');
    await store.writeChange(change('b', 1));
    await store.renameChat('b', 'Mine');
    await store.titleChat('b', 'Numbers');
    await store.titleChat('c', 'Nothing');
    expect((await store.readAll()).map(({ chat }) => chat.title).toSorted()).toEqual(['Mine', 'Numbers']);
  });

  it('does nothing to a chat that is not there', async () => {
    const store = await openStore();
    await Promise.all([store.renameChat('a', 'x'), store.deleteChat('a', 1), store.restoreChat('a')]);
    await store.purgeDeleted(2);
    expect(await store.readAll()).toEqual([]);
  });

  it('keeps drafts and settings under their names until they are empty, or others', async () => {
    const store = await openStore();
    expect([await store.readDraft(NEW_CHAT), await store.readSetting('model')]).toEqual(['', null]);
    await store.writeDraft(NEW_CHAT, 'Wh\ud800');
    await store.writeDraft('a', 'And');
    await store.writeSetting('model', 'one');
    await store.writeSetting('model', 'two');
    expect([await store.readDraft(NEW_CHAT), await store.readSetting('model')]).toEqual(['Wh\ud800', 'two']);
    await store.writeDraft(NEW_CHAT, '');
    expect([await store.readDraft(NEW_CHAT), await store.readDraft('a')]).toEqual(['', 'And']);
  });

  describe('a file', () => {
    const attachment: Attachment = {
      id: 'f',
      kind: 'text',
      name: 'f.txt',
      mediaType: 'text/plain',
      bytes: 1,
      sentBytes: 2,
    };
    const fileOf = (id: string, chatId = 'a') => ({ id, chatId, blob: new Blob([`in ${id}`]) });
    const asked = (chatId: string, id: string) => ({
      ...question(chatId, 1),
      attachments: [{ ...attachment, id }],
      leavesFiles: true,
    });
    const has = async (store: ChatStore, ...ids: readonly string[]) =>
      Promise.all(ids.map(async (id) => (await (await store.readFile(id))?.text()) ?? null));

    it('goes along with the message that names it, and is gone when its chat is purged', async () => {
      const store = await openStore();
      await store.writeFile(fileOf('f', NEW_CHAT), 1);
      await store.writeFile(fileOf('g', 'b'), 1);
      await store.writeChange(change('a', 1, { messages: [asked('a', 'f')] }));
      expect((await store.readChat('a'))?.messages).toEqual([asked('a', 'f')]);
      await store.tidyFiles(2);
      expect(await has(store, 'f', 'g')).toEqual(['in f', null]);
      await store.deleteChat('a', 1);
      await store.purgeDeleted(2);
      expect(await has(store, 'f')).toEqual([null]);
    });

    it('that two chats name, because two tabs have sent one draft, goes with the last of them', async () => {
      const store = await openStore();
      await store.writeFile(fileOf('f', NEW_CHAT), 1);
      await store.writeChange(change('a', 1, { messages: [asked('a', 'f')] }));
      await store.writeChange(change('b', 1, { messages: [asked('b', 'f')] }));
      await store.deleteChat('b', 1);
      await store.purgeDeleted(2);
      expect(await has(store, 'f')).toEqual(['in f']);
      await store.deleteChat('a', 2);
      await store.purgeDeleted(3);
      expect(await has(store, 'f')).toEqual([null]);
    });

    it('of a turn goes with its words, unless another wording of it has the file too', async () => {
      const store = await openStore();
      for (const id of ['f', 'g']) await store.writeFile(fileOf(id), 1);
      const messages = [
        { ...asked('a', 'f'), id: 'one' },
        { ...asked('a', 'f'), id: 'another' },
        { ...asked('a', 'g'), id: 'next' },
      ];
      await store.writeChange(change('a', 5, { messages, choices: { ...decidedAt(5), deleted: { one: 5, next: 5 } } }));
      await store.purgeDeleted(5);
      expect(await has(store, 'f', 'g')).toEqual(['in f', 'in g']);
      await store.purgeDeleted(6);
      expect(await has(store, 'f', 'g')).toEqual(['in f', null]);
    });

    it('that waits in one chat stays when another one goes that it is with too', async () => {
      const store = await openStore();
      await store.writeFile(fileOf('f', NEW_CHAT), 1);
      const { attachments } = asked('a', 'f');
      const queue = [{ id: 'waiting', text: '', settings: {}, attachments }];
      await store.writeChange(change('a', 1, { choices: { ...decidedAt(1), queue } }));
      await store.writeChange(change('b', 1, { messages: [asked('b', 'f')] }));
      await store.deleteChat('b', 1);
      await store.purgeDeleted(2);
      expect(await has(store, 'f')).toEqual(['in f']);
    });

    it('of what waits no more goes when that is final, unless it was sent, had back, or something else names it', async () => {
      const store = await openStore();
      const names = ['dropped', 'had back', 'draft', 'sent', 'shared'];
      for (const name of names) await store.writeFile(fileOf(name), 1);
      const waiting = (at: number, ...ids: readonly string[]) => ({
        ...decidedAt(at),
        queue: ids.map((id) => ({ id: `with ${id}`, text: '', settings: {}, attachments: [{ ...attachment, id }] })),
      });
      const say = (chatId: string, id: string) => ({ ...asked(chatId, id), id: `${chatId} says ${id}` });
      await store.writeChange(change('b', 1, { messages: [say('b', 'shared')] }));
      await store.writeChange(change('a', 1, { choices: waiting(1, ...names) }));
      await store.writeChange(change('a', 5, { messages: [say('a', 'sent')], choices: waiting(5) }));
      await store.writeDraftFiles('a', [{ ...attachment, id: 'draft' }]);
      await store.purgeDeleted(5);
      await store.tidyFiles(100);
      expect(await has(store, ...names)).toEqual(names.map((name) => `in ${name}`));
      await store.writeChange(change('a', 6, { messages: [], choices: waiting(6, 'had back') }));
      // A tab that was frozen comes late: nothing waits again by that.
      await store.writeChange(change('a', 7, { messages: [], choices: waiting(2, ...names) }));
      await store.purgeDeleted(100);
      expect(await has(store, ...names)).toEqual([null, 'in had back', 'in draft', 'in sent', 'in shared']);
    });

    it('stays as long as a draft names it, or it is young', async () => {
      const store = await openStore();
      for (const id of ['old', 'named', 'young']) await store.writeFile(fileOf(id), id === 'young' ? 9 : 1);
      await store.writeDraftFiles('a', [{ ...attachment, id: 'named' }]);
      await store.tidyFiles(9);
      expect(await has(store, 'old', 'named', 'young')).toEqual([null, 'in named', 'in young']);
    });

    it('of a draft is kept apart from its words: neither takes the other with it', async () => {
      const store = await openStore();
      await store.writeDraft('a', 'And');
      await store.writeDraftFiles('a', [attachment]);
      await store.writeDraft('a', '');
      expect([await store.readDraft('a'), await store.readDraftFiles('a')]).toEqual(['', [attachment]]);
      await store.writeDraft('a', 'Or');
      await store.writeDraftFiles('a', []);
      expect([await store.readDraft('a'), await store.readDraftFiles('a')]).toEqual(['Or', []]);
    });
  });

  it('reads everything: the newest chat first, each with its own turns, oldest first', async () => {
    const store = await openStore();
    await store.writeChange(change('a', 1));
    await store.writeChange(change('b', 2, { messages: [answer('b', 9), question('b', 2)], reply: running('b') }));
    await store.writeChange(change('a', 3));
    const all = await store.readAll();
    expect(all.map(({ chat, messages, reply }) => [chat.id, messages, reply])).toEqual([
      ['a', [question('a', 1), question('a', 3)], null],
      ['b', [question('b', 2), answer('b', 9)], running('b')],
    ]);
  });

  describe('whoever watches the chats', () => {
    it('is told that there are none', async () => {
      const store = await openStore();
      const { until, leave } = watch(store);
      expect(await until((chats) => chats.length === 0)).toEqual([]);
      leave();
    });

    it('is told them now and after every change, the newest first', async () => {
      const store = await openStore();
      await store.writeChange(change('a', 1));
      const { until, leave } = watch(store);
      expect(await until(([first]) => first?.id === 'a')).toEqual(['a']);
      await store.writeChange(change('c', 2));
      await store.writeChange(change('b', 2));
      expect(await until((chats) => chats.length === 3)).toEqual(['c', 'b', 'a']);
      await store.writeChange(change('a', 3));
      expect(await until(([first]) => first?.id === 'a')).toEqual(['a', 'c', 'b']);
      await store.renameChat('b', 'Renamed');
      expect(await until((chats) => chats.at(-1)?.title === 'Renamed')).toEqual(['a', 'c', 'b']);
      await store.deleteChat('c', 4);
      expect(await until((chats) => chats.length === 2)).toEqual(['a', 'b']);
      await store.restoreChat('c');
      expect(await until((chats) => chats.length === 3)).toEqual(['a', 'c', 'b']);
      leave();
    });

    it('hears nothing after leaving', async () => {
      const store = await openStore();
      const first = watch(store);
      const second = watch(store);
      const hasty = watch(store);
      hasty.leave();
      await Promise.all([first.until(() => true), second.until(() => true)]);
      first.leave();
      await store.writeChange(change('a', 1));
      await second.until(([chat]) => chat?.id === 'a');
      expect([first.told, hasty.told]).toEqual([[[]], []]);
      second.leave();
    });
  });
});

describe('both stores', () => {
  const id = fc.constantFrom('a', 'b');
  const at = fc.nat(9);
  const turns = fc.uniqueArray(fc.nat(5), { maxLength: 2 });
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ name: fc.constant('writeChange' as const), id, at, turns, runs: fc.boolean() }),
    },
    fc.record({
      name: fc.constantFrom('renameChat', 'deleteChat', 'restoreChat', 'purgeDeleted', 'writeDraft'),
      id,
      at,
    }),
  );
  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

  const take = async (store: ChatStore, taken: Step) => {
    const { id: chatId, at: time } = taken;
    if ('turns' in taken) {
      const messages = taken.turns.map((turn) => question(chatId, turn));
      await store.writeChange(change(chatId, time, { messages, reply: taken.runs ? running(chatId, time) : null }));
    } else if (taken.name === 'renameChat') await store.renameChat(chatId, `Renamed ${time}`);
    else if (taken.name === 'deleteChat') await store.deleteChat(chatId, time);
    else if (taken.name === 'restoreChat') await store.restoreChat(chatId);
    else if (taken.name === 'purgeDeleted') await store.purgeDeleted(time);
    else await store.writeDraft(chatId, 'x'.repeat(time % 2));
  };
  const holds = async (store: ChatStore) => ({
    all: await store.readAll(),
    chats: [await store.readChat('a'), await store.readChat('b')],
    drafts: [await store.readDraft('a'), await store.readDraft('b')],
  });

  it('hold the same, whatever was done', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), async (steps) => {
      const [memory, indexed] = [createMemoryStore(), await openFreshStore()];
      for (const taken of steps) {
        await take(memory, taken);
        await take(indexed, taken);
      }
      expect(await holds(indexed)).toEqual(await holds(memory));
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
