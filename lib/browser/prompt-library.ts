import { isFirst, nameOf, type Prompt, promptsWith } from '@/lib/chat/prompts';
import type { ChatStore } from './chat-store';
import { unheard } from './unheard';

/**
 * The prompts of this browser. Made to be read with `useSyncExternalStore`; the store is read as long as somebody listens.
 * What it does not take stays as long as the page does, and is written again with the next one.
 */
export type PromptLibrary = {
  readonly subscribe: (listener: () => void) => () => void;
  /** By name; null until they are read. */
  readonly getSnapshot: () => readonly Prompt[] | null;
  /** Whether the store has taken all of them. */
  readonly areStored: () => boolean;
  /** Adds or changes one. Without a text it stays as it was. */
  readonly save: (prompt: Prompt) => void;
  /** To bring it back, save it. */
  readonly remove: (prompt: Prompt) => void;
};

export function createPromptLibrary(
  store: Pick<ChatStore, 'watchPrompts' | 'writePrompt' | 'deletePrompt'>,
): PromptLibrary {
  let stored: readonly Prompt[] | null = null;
  let prompts: readonly Prompt[] | null = null;
  const unstored = new Map<string, Prompt>();
  let leave = () => {};
  const listeners = new Set<() => void>();

  function show(): void {
    prompts = stored && promptsWith([...stored.filter(({ id }) => !unstored.has(id)), ...unstored.values()]);
    for (const listener of listeners) listener();
  }

  function hear(told: readonly Prompt[]): void {
    stored = told;
    show();
  }

  function write(prompt: Prompt): void {
    for (const each of new Map(unstored).set(prompt.id, prompt).values()) {
      const forget = () => {
        if (unstored.delete(each.id)) show();
      };
      const keep = () => {
        unstored.set(each.id, each);
        show();
      };
      store.writePrompt(each).then(forget, keep);
    }
  }

  return {
    subscribe: (listener) => {
      if (listeners.size === 0) leave = store.watchPrompts(hear);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) leave();
      };
    },
    getSnapshot: () => prompts,
    areStored: () => unstored.size === 0,
    save: (prompt) => {
      if (prompt.text.trim() !== '') write({ ...prompt, name: nameOf(prompt) });
    },
    remove: (prompt) => {
      if (unstored.delete(prompt.id)) show();
      if (isFirst(prompt.id)) write({ ...prompt, text: '' });
      else unheard(store.deletePrompt(prompt.id));
    },
  };
}
