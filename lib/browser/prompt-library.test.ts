import { expect, it, vi } from 'vitest';
import { FIRST_PROMPTS } from '@/lib/chat/prompts';
import { StoreError } from './chat-store';
import { settle } from './clock.fixture';
import { createMemoryStore } from './memory-chat-store';
import { createPromptLibrary } from './prompt-library';

async function createWorld() {
  const store = createMemoryStore();
  const room = { isFull: false };
  const library = createPromptLibrary({
    ...store,
    writePrompt: (prompt) => (room.isFull ? Promise.reject(new StoreError('full')) : store.writePrompt(prompt)),
  });
  const listener = vi.fn();
  const leave = library.subscribe(listener);
  await settle();
  return { store, room, library, listener, leave, names: () => library.getSnapshot()?.map(({ name }) => name) };
}

it('a library is read when somebody listens', async () => {
  const library = createPromptLibrary(createMemoryStore());
  expect(library.getSnapshot()).toBeNull();
  library.subscribe(() => {});
  await settle();
  expect(library.getSnapshot()).toHaveLength(FIRST_PROMPTS.length);
});

it('a prompt that is saved is there, under its first words where it has no name', async () => {
  const { library, listener, names } = await createWorld();
  const told = listener.mock.calls.length;
  library.save({ id: 'a', name: ' ', text: 'Answer in verse.' });
  library.save({ id: 'b', name: 'No text', text: '\n' });
  await settle();
  expect(names()).toContain('Answer in verse.');
  expect(names()).not.toContain('No text');
  expect(listener.mock.calls.length).toBe(told + 1);
});

it.each(['own', FIRST_PROMPTS[0]?.id ?? ''])(
  'a prompt that is removed is gone, and back when it is saved: %s',
  async (id) => {
    const { library, names } = await createWorld();
    const prompt = { id, name: 'Mine', text: 'A text' };
    library.save(prompt);
    library.remove(prompt);
    await settle();
    expect(names()).not.toContain('Mine');
    expect(library.getSnapshot()?.some((each) => each.id === id)).toBe(false);
    library.save(prompt);
    await settle();
    expect(names()).toContain('Mine');
  },
);

it('what a full store does not take stays as it was typed, and is stored with the next one when there is room', async () => {
  const { store, room, library, names } = await createWorld();
  const [first] = FIRST_PROMPTS;
  room.isFull = true;
  library.save({ id: 'a', name: 'Mine', text: 'A' });
  library.save({ id: 'a', name: 'Mine', text: 'A text' });
  library.remove(first ?? expect.fail('there are no prompts at first'));
  await settle();
  expect(library.getSnapshot()).toContainEqual({ id: 'a', name: 'Mine', text: 'A text' });
  expect([names()?.includes(first?.name ?? ''), library.areStored()]).toEqual([false, false]);
  room.isFull = false;
  library.save({ id: 'b', name: 'Next', text: 'Another' });
  await settle();
  const again = createPromptLibrary(store);
  again.subscribe(() => {});
  await settle();
  expect([again.getSnapshot(), library.areStored()]).toEqual([library.getSnapshot(), true]);
  expect(names()).toEqual(expect.arrayContaining(['Mine', 'Next']));
});

it('what a full store did not take is gone when it is removed', async () => {
  const { room, library, names } = await createWorld();
  room.isFull = true;
  const prompt = { id: 'a', name: 'Mine', text: 'A text' };
  library.save(prompt);
  await settle();
  library.remove(prompt);
  await settle();
  expect([names()?.includes('Mine'), library.areStored()]).toEqual([false, true]);
});

it('who has left is told nothing, and nothing is read for nobody', async () => {
  const { library, store, listener, leave } = await createWorld();
  leave();
  const told = listener.mock.calls.length;
  await store.writePrompt({ id: 'a', name: 'Mine', text: 'A text' });
  await settle();
  expect(listener.mock.calls.length).toBe(told);
  expect(library.getSnapshot()?.some(({ id }) => id === 'a')).toBe(false);
});
