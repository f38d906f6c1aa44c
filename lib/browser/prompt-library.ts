import { isFirst, nameOf, type Prompt, promptsWith } from '@/lib/chat/prompts';
import type { ChatStore } from './chat-store';
import { unheard } from './unheard';

/**
 * The prompts of this browser. Made to be read with `useSyncExternalStore`; the store is read as long as somebody listens.
 * What cannot be stored is told by the store.
 */
export type PromptLibrary = {
  readonly subscribe: (listener: () => void) => () => void;
  /** By name; null until they are read. */
  readonly getSnapshot: () => readonly Prompt[] | null;
  /** Adds or changes one. Without a text it stays as it was. */
  readonly save: (prompt: Prompt) => void;
  /** To bring it back, save it. */
  readonly remove: (prompt: Prompt) => void;
};

export function createPromptLibrary(
  store: Pick<ChatStore, 'watchPrompts' | 'writePrompt' | 'deletePrompt'>,
): PromptLibrary {
  let prompts: readonly Prompt[] | null = null;
  let leave = () => {};
  const listeners = new Set<() => void>();

  function hear(stored: readonly Prompt[]): void {
    prompts = promptsWith(stored);
    for (const listener of listeners) listener();
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
    save: (prompt) => {
      if (prompt.text.trim() !== '') unheard(store.writePrompt({ ...prompt, name: nameOf(prompt) }));
    },
    remove: (prompt) => {
      unheard(isFirst(prompt.id) ? store.writePrompt({ ...prompt, text: '' }) : store.deletePrompt(prompt.id));
    },
  };
}
