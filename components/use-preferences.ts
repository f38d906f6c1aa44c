import { useEffect, useSyncExternalStore } from 'react';
import { applyAppearance } from '@/lib/browser/appearance';
import { DEFAULT_PREFERENCES, type Preferences, preferences } from '@/lib/browser/preferences';

const getDefaults = () => DEFAULT_PREFERENCES;

/** What the person prefers. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(preferences.subscribe, preferences.getSnapshot, getDefaults);
}

/** Shows the page as it is preferred, also when another tab has changed that. Once a page. */
export function useAppearance(): void {
  useEffect(() => {
    const apply = () => applyAppearance(preferences.getSnapshot());
    apply();
    return preferences.subscribe(apply);
  }, []);
}
