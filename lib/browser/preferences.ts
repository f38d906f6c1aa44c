import type { ChatSettings } from '@/lib/chat/chat-settings';
import { EFFORTS, type Effort } from '@/lib/protocol/models';

/** What a person prefers, in this browser. For a new chat null leaves the choice to the server. */
export type Preferences = {
  readonly theme: 'system' | 'light' | 'dark';
  readonly textSize: 'small' | 'medium' | 'large' | 'larger';
  /** What sends: Enter alone, or with Ctrl or ⌘, so that Enter breaks the line. */
  readonly sendKey: 'enter' | 'modified';
  /** How Claude's thinking is shown. */
  readonly thinking: 'folded' | 'open' | 'hidden';
  /** Whether the end of a long answer is told where nobody sees it. */
  readonly notifies: boolean;
  readonly model: string | null;
  readonly thinks: boolean | null;
  readonly effort: Effort | null;
  /** What Claude is told before a new chat. */
  readonly system: string;
};

/** What Claude is asked with; null leaves the choice to whoever is asked. */
export type Asking = Pick<Preferences, 'model' | 'thinks' | 'effort' | 'system'>;

/** The same as a chat keeps it. */
export function chatSettingsOf({ model, thinks, effort, system }: Partial<Asking>): ChatSettings {
  return {
    ...(model !== undefined && { model: model ?? undefined }),
    ...(thinks !== undefined && { thinking: thinks ?? undefined }),
    ...(effort !== undefined && { effort: effort ?? undefined }),
    ...(system !== undefined && { system }),
  };
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  textSize: 'medium',
  sendKey: 'enter',
  thinking: 'folded',
  notifies: false,
  model: null,
  thinks: null,
  effort: null,
  system: '',
};

/** The one key in `localStorage` that holds them: they are needed before the first paint, when no database is open yet. */
export const PREFERENCES_KEY = 'rivulet/preferences';

/** The preferences of this browser, for every tab of it. Made to be read with `useSyncExternalStore`. Nothing here throws. */
export type PreferenceStore = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => Preferences;
  /** Changes these alone: what another tab has changed meanwhile stays. */
  readonly set: (changes: Partial<Preferences>) => void;
  /** Whether they outlive the page: false from the first time on that the browser does not take them. */
  readonly isLasting: () => boolean;
};

/** What a browser gives, as far as it is used here. Asking for the storage itself throws where it is blocked. */
type World = {
  readonly storage?: () => Pick<Storage, 'getItem' | 'setItem'>;
  readonly tabs?: Pick<EventTarget, 'addEventListener'>;
};

/** The world is not touched before the first call. */
export function createPreferenceStore({ storage = () => localStorage, tabs }: World = {}): PreferenceStore {
  let fields: Fields | null = null;
  let snapshot = DEFAULT_PREFERENCES;
  let isLasting = true;
  const listeners = new Set<() => void>();

  function take(found: Fields): void {
    fields = found;
    snapshot = readable(found);
  }

  /** What is stored; where nothing can be read, what is known. */
  function readStored(): Fields {
    try {
      return isLasting ? parse(storage().getItem(PREFERENCES_KEY)) : (fields ?? {});
    } catch {
      isLasting = false;
      return fields ?? {};
    }
  }

  function begin(): void {
    if (fields) return;
    take(readStored());
    // A whole storage that is cleared has no key.
    (tabs ?? globalThis).addEventListener('storage', (event) => {
      const { key } = event as StorageEvent;
      if (key !== PREFERENCES_KEY && key !== null) return;
      take(readStored());
      tell();
    });
  }

  function tell(): void {
    for (const listener of listeners) listener();
  }

  return {
    subscribe: (listener) => {
      begin();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => {
      begin();
      return snapshot;
    },
    set: (changes) => {
      begin();
      const next = { ...readStored(), ...changes };
      try {
        if (isLasting) storage().setItem(PREFERENCES_KEY, JSON.stringify(next));
      } catch {
        isLasting = false;
      }
      take(next);
      tell();
    },
    isLasting: () => isLasting,
  };
}

/** As they are stored: fields that only a newer version knows are among them, and are kept. */
type Fields = Readonly<Record<string, unknown>>;

/** What is damaged, or was written by somebody else, is nothing. */
function parse(text: string | null): Fields {
  try {
    const found: unknown = JSON.parse(text ?? '{}');
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Fields) : {};
  } catch {
    return {};
  }
}

type Guards = { readonly [Key in keyof Preferences]: (value: unknown) => value is Preferences[Key] };

const isOneOf =
  <const Value>(...values: readonly Value[]) =>
  (value: unknown): value is Value =>
    values.some((known) => known === value);

const GUARDS: Guards = {
  theme: isOneOf('system', 'light', 'dark'),
  textSize: isOneOf('small', 'medium', 'large', 'larger'),
  sendKey: isOneOf('enter', 'modified'),
  thinking: isOneOf('folded', 'open', 'hidden'),
  notifies: isOneOf(true, false),
  model: (value): value is string | null => value === null || typeof value === 'string',
  thinks: isOneOf(true, false, null),
  effort: isOneOf(...EFFORTS, null),
  system: (value): value is string => typeof value === 'string',
};

/** Each field by itself: one that cannot be read costs no other. */
function readable(fields: Fields): Preferences {
  const known = Object.entries(GUARDS).filter(([key, isValue]) => isValue(fields[key]));
  return { ...DEFAULT_PREFERENCES, ...Object.fromEntries(known.map(([key]) => [key, fields[key]])) };
}

/** Those of this tab. */
export const preferences = createPreferenceStore();
