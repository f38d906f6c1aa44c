import { describe, expect, it } from 'vitest';
import { type Attachment, MAX_FILES_BYTES } from '@/lib/chat/attachment';
import { NEW_CHAT } from './chat-store';
import { settle } from './clock.fixture';
import { type Candidate, createDraftFiles } from './draft-files';
import { createFileBox } from './file-box';
import { createMemoryStore } from './memory-chat-store';
import type { ReadAttachment } from './read-attachment';

const chosen = (...names: readonly string[]): readonly Candidate[] =>
  names.map((name) => ({ name, file: new File([name], name) }));

/** A tab with a store, in which reading takes until it is let go on. */
function createWorld(store = createMemoryStore()) {
  const waiting: (() => void)[] = [];
  let ids = 0;
  let sentBytes = 1000;
  const box = createFileBox(store, () => 5);
  const read = (file: File, { id, maxImageBytes }: { readonly id: string; readonly maxImageBytes: number }) =>
    new Promise<ReadAttachment>((resolve) => {
      const attachment: Attachment = {
        id,
        kind: 'text',
        name: file.name,
        mediaType: 'text/plain',
        bytes: maxImageBytes,
        sentBytes,
      };
      waiting.push(() =>
        resolve(file.name === 'bad' ? { problem: 'empty' } : { attachment, blob: new Blob([file.name]) }),
      );
    });
  const draftFiles = createDraftFiles({ store, box, read, newId: () => `f${++ids}` });
  const names = () => draftFiles.getSnapshot().attachments.map(({ name }) => name);
  const stored = async (key: string) => (await store.readDraftFiles(key)).map(({ name }) => name);
  /** Lets everything be read that waits to be. */
  const readAll = async () => {
    await settle();
    while (waiting.length > 0) {
      waiting.shift()?.();
      await settle();
    }
  };
  draftFiles.show('a');
  return { store, box, draftFiles, names, stored, readAll, waiting, setSize: (bytes: number) => (sentBytes = bytes) };
}

describe('the files of a draft', () => {
  it('are read one after the other, stay in their order, and are stored with what is in them', async () => {
    const { draftFiles, names, stored, readAll, waiting, store } = createWorld();
    draftFiles.add(chosen('one', 'two'));
    await settle();
    expect([waiting.length, draftFiles.getSnapshot().pending.map(({ name }) => name)]).toEqual([1, ['one', 'two']]);
    await readAll();
    expect([names(), await stored('a'), draftFiles.getSnapshot().pending]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
      [],
    ]);
    expect(await (await store.readFile('f2'))?.text()).toBe('two');
  });

  it('that cannot be attached leave a sentence each, until more are chosen', async () => {
    const { draftFiles, names, readAll, setSize } = createWorld();
    draftFiles.add([...chosen('bad', 'good'), { name: 'src', file: null }]);
    await readAll();
    expect(names()).toEqual(['good']);
    expect(draftFiles.getSnapshot().problems).toEqual([
      '“bad” is empty.',
      '“src” is a folder: attach the files in it.',
    ]);
    setSize(MAX_FILES_BYTES);
    draftFiles.add(chosen('large'));
    await readAll();
    expect(draftFiles.getSnapshot().problems).toEqual([
      '“large” does not fit into this message any more. Send it with the next one.',
    ]);
    expect(names()).toEqual(['good']);
  });

  it('are no more than twenty, those that are being read included', async () => {
    const { draftFiles, names, readAll } = createWorld();
    draftFiles.add(chosen(...Array.from({ length: 19 }, (_, number) => String(number))));
    draftFiles.add(chosen('in', 'out'));
    await readAll();
    expect([names().length, names().at(-1)]).toEqual([20, 'in']);
    expect(draftFiles.getSnapshot().problems).toEqual(['20 files can go with one message. One was left out.']);
  });

  it('can be taken out, also while they are being read', async () => {
    const { draftFiles, names, stored, readAll } = createWorld();
    draftFiles.add(chosen('bad', 'two'));
    await settle();
    draftFiles.remove('f1');
    await readAll();
    expect([names(), draftFiles.getSnapshot().problems]).toEqual([['two'], []]);
    draftFiles.remove('f2');
    await settle();
    expect([names(), await stored('a')]).toEqual([[], []]);
  });

  it('are those of the draft that was shown when they were chosen', async () => {
    const { draftFiles, names, stored, readAll } = createWorld();
    draftFiles.add(chosen('one'));
    await settle();
    draftFiles.show('b');
    await readAll();
    expect([names(), await stored('a'), await stored('b')]).toEqual([[], ['one'], []]);
    draftFiles.show('a');
    await settle();
    expect(names()).toEqual(['one']);
  });

  it('are there again in another tab, and after a reload', async () => {
    const { draftFiles, readAll, store } = createWorld();
    draftFiles.add(chosen('one'));
    await readAll();
    const { names, draftFiles: others, box } = createWorld(store);
    await settle();
    expect([names(), await (await box.read('f1'))?.text()]).toEqual([['one'], 'one']);
    others.remove('f1');
    await settle();
    draftFiles.show('b');
    draftFiles.show('a');
    await settle();
    expect(draftFiles.getSnapshot().attachments).toEqual([]);
  });

  it('stay the draft’s until they are known to have been sent', async () => {
    const { draftFiles, names, stored, readAll } = createWorld();
    draftFiles.add(chosen('one'));
    await readAll();
    const taken = draftFiles.take();
    expect([names(), taken.attachments.length, await stored('a')]).toEqual([[], 1, ['one']]);
    for (const key of ['b', 'a']) draftFiles.show(key);
    await settle();
    expect(names()).toEqual([]);
    draftFiles.add(chosen('two'));
    await readAll();
    taken.settle(false);
    await settle();
    expect([names(), await stored('a')]).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    draftFiles.take().settle(true);
    await settle();
    expect([names(), await stored('a')]).toEqual([[], []]);
  });

  it('move with their draft, those that are being read as well', async () => {
    const { draftFiles, names, stored, readAll } = createWorld();
    draftFiles.show(NEW_CHAT);
    draftFiles.add(chosen('one'));
    await readAll();
    draftFiles.add(chosen('two'));
    await settle();
    draftFiles.move(NEW_CHAT, 'b');
    await readAll();
    expect([names(), await stored(NEW_CHAT), await stored('b')]).toEqual([['one', 'two'], [], ['one', 'two']]);
  });

  it('are copied into another one with what is in them, each under a name of its own', async () => {
    const { draftFiles, readAll, store, stored } = createWorld();
    draftFiles.add(chosen('one'));
    await readAll();
    const { attachments } = draftFiles.getSnapshot();
    await draftFiles.copy('b', [...attachments, { ...attachments[0], id: 'gone' } as Attachment]);
    await settle();
    expect(await stored('b')).toEqual(['one']);
    const [copy] = await store.readDraftFiles('b');
    expect(copy?.id).not.toBe('f1');
    expect(await (await store.readFile(copy?.id ?? ''))?.text()).toBe('one');
  });

  it('are sent all the same where they cannot be stored', async () => {
    const fail = () => Promise.reject(new Error('no room'));
    const store = {
      ...createMemoryStore(),
      writeFile: fail,
      readFile: fail,
      writeDraftFiles: fail,
      readDraftFiles: fail,
    };
    const { draftFiles, names, readAll, box } = createWorld(store);
    draftFiles.add(chosen('one'));
    await readAll();
    expect([names(), await (await box.read('f1'))?.text(), await box.read('other')]).toEqual([['one'], 'one', null]);
  });
});
