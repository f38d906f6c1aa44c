/** The one key in `localStorage` that holds them. */
const KEY = 'rivulet/context';

/** A chat that was dismissed so many chats ago says it once more. */
const MAX_CHATS = 200;

/** How full each chat was when its person did not want to hear of it. Made to be read with `useSyncExternalStore`. */
export type DismissedLevels = {
  readonly subscribe: (listener: () => void) => () => void;
  /** The level in percent; 0 where nothing was dismissed. */
  readonly levelOf: (chatId: string) => number;
  readonly dismiss: (chatId: string, level: number) => void;
};

type World = {
  readonly storage?: () => Pick<Storage, 'getItem' | 'setItem'>;
  readonly tabs?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
};

/** For every tab of this browser; where it keeps nothing, for this page. The world is not touched before the first call. */
export function createDismissedLevels({ storage = () => localStorage, tabs }: World = {}): DismissedLevels {
  let levels: readonly Level[] | null = null;
  const listeners = new Set<() => void>();

  function read(): readonly Level[] {
    try {
      return parse(storage().getItem(KEY));
    } catch {
      // Nothing of it is worth a word: the notice comes once more.
      return levels ?? [];
    }
  }

  const known = () => {
    levels ??= read();
    return levels;
  };

  function tell(): void {
    for (const listener of listeners) listener();
  }

  function onStorage(event: Event): void {
    const { key } = event as StorageEvent;
    // A whole storage that is cleared has no key.
    if (key !== KEY && key !== null) return;
    levels = read();
    tell();
  }

  return {
    subscribe: (listener) => {
      const others = tabs ?? globalThis;
      if (listeners.size === 0) others.addEventListener('storage', onStorage);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) others.removeEventListener('storage', onStorage);
      };
    },
    levelOf: (chatId) => known().find(([id]) => id === chatId)?.[1] ?? 0,
    dismiss: (chatId, level) => {
      levels = [...read().filter(([id]) => id !== chatId), [chatId, level] as const].slice(-MAX_CHATS);
      try {
        storage().setItem(KEY, JSON.stringify(levels));
      } catch {
        // Then it holds for this page.
      }
      tell();
    },
  };
}

type Level = readonly [chatId: string, level: number];

function parse(text: string | null): readonly Level[] {
  const found: unknown = JSON.parse(text ?? '[]');
  return Array.isArray(found) ? found.filter(isLevel) : [];
}

function isLevel(value: unknown): value is Level {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

/** Those of this browser. */
export const dismissedLevels = createDismissedLevels();
