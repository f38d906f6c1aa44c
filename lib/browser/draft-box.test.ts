import { describe, expect, it } from 'vitest';
import { StoreError } from './chat-store';
import { Clock, settle } from './clock.fixture';
import { createDraftBox } from './draft-box';
import { createMemoryStore } from './memory-chat-store';

function createWorld() {
  const clock = new Clock();
  const inner = createMemoryStore();
  const world = { isBroken: false, writes: 0 };
  const unlessBroken = <Value>(act: () => Promise<Value>) =>
    world.isBroken ? Promise.reject(new StoreError('unavailable')) : act();
  const store = {
    readDraft: (chatId: string) => unlessBroken(() => inner.readDraft(chatId)),
    writeDraft: (chatId: string, text: string) => {
      world.writes += 1;
      return unlessBroken(() => inner.writeDraft(chatId, text));
    },
  };
  return { clock, inner, world, box: createDraftBox(store, clock.schedule) };
}

describe('a draft', () => {
  it('is stored when its writer pauses, not with every letter', async () => {
    const { clock, inner, world, box } = createWorld();
    for (const text of ['W', 'Wh', 'Who']) {
      box.write('a', text);
      await clock.pass(299);
    }
    expect(world.writes).toBe(0);
    await clock.pass(1);
    expect([world.writes, await inner.readDraft('a'), clock.size]).toEqual([1, 'Who', 0]);
  });

  it('is there for its reader before it is stored', async () => {
    const { inner, box } = createWorld();
    await inner.writeDraft('a', 'old');
    box.write('a', 'new');
    box.write('b', '');
    expect([await box.read('a'), await box.read('b'), await box.read('c')]).toEqual(['new', '', '']);
  });

  it('is stored at once when the page goes away, each for its own chat', async () => {
    const { clock, inner, box } = createWorld();
    box.write('a', 'One');
    box.write('b', 'Two');
    box.flush();
    const unstored = box.unstored();
    await settle();
    expect([await inner.readDraft('a'), await inner.readDraft('b'), clock.size]).toEqual(['One', 'Two', 0]);
    expect([unstored, box.unstored()]).toEqual([
      [
        { chatId: 'a', text: 'One' },
        { chatId: 'b', text: 'Two' },
      ],
      [],
    ]);
  });

  it('that could not be stored is kept, and stored the next time, unless there is a newer one', async () => {
    const { inner, world, box } = createWorld();
    world.isBroken = true;
    box.write('a', 'One');
    box.write('b', 'Two');
    box.flush();
    box.write('b', 'Two and');
    await settle();
    expect([await box.read('a'), await box.read('b'), await box.read('c')]).toEqual(['One', 'Two and', '']);
    world.isBroken = false;
    box.flush();
    await settle();
    expect([await inner.readDraft('a'), await inner.readDraft('b')]).toEqual(['One', 'Two and']);
  });

  it('is what is being sent too, before what is typed, until it is known to be sent', async () => {
    const { inner, box, clock } = createWorld();
    box.write('a', 'Sent?');
    box.hold('a', 'Sent?');
    box.write('a', '');
    expect(box.unstored()).toEqual([{ chatId: 'a', text: 'Sent?' }]);
    box.write('a', 'And');
    await clock.pass(300);
    expect(await inner.readDraft('a')).toBe('Sent?\n\nAnd');
    box.release('a');
    await settle();
    expect(await inner.readDraft('a')).toBe('And');
    box.release('a');
    expect(box.unstored()).toEqual([]);
  });
});
