import { RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { DEFAULT_PREFERENCES, type Preferences, preferences } from '@/lib/browser/preferences';

const KEYS = Object.keys(DEFAULT_PREFERENCES) as (keyof Preferences)[];

/** One button for both ways, so that the keyboard stays where it is. */
export function ResetSettings({ preferred }: { readonly preferred: Preferences }) {
  const [earlier, setEarlier] = useState<Preferences | null>(null);
  const isDefault = KEYS.every((key) => preferred[key] === DEFAULT_PREFERENCES[key]);
  // Who has changed something since then goes on from there.
  const undone = isDefault ? earlier : null;
  const Icon = undone ? Undo2 : RotateCcw;
  const act = () => {
    if (isDefault && !undone) return;
    setEarlier(undone ? null : preferred);
    preferences.set(undone ?? DEFAULT_PREFERENCES);
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 border-line border-t py-4">
      <button
        type="button"
        aria-disabled={isDefault && !undone}
        onClick={act}
        className="-ms-2.5 flex h-9 items-center gap-1.5 rounded-lg px-2.5 font-medium text-muted text-sm transition-colors hover:text-ink aria-disabled:cursor-default pointer-coarse:h-11"
      >
        <Icon aria-hidden="true" className="size-4" strokeWidth={1.75} />
        {undone ? 'Undo' : 'Reset settings'}
      </button>
      <p aria-live="polite" className="text-muted text-sm">
        {undone ? 'All settings are as they were at first. Your prompts and chats stay.' : ''}
      </p>
    </div>
  );
}
