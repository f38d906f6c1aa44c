import { useEffect } from 'react';
import { isOfInputMethod } from '@/lib/browser/input-method';

/** Escape stops the running reply, unless it is pressed where it means something else. `onStop` is null where none runs. */
export function useStopOnEscape(onStop: (() => void) | null): void {
  useEffect(() => {
    if (!onStop) return;
    const stopOnEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || isOfInputMethod(event)) return;
      const isElsewhere = event.target instanceof Element && event.target.closest('dialog, nav');
      if (!isElsewhere) onStop();
    };
    document.addEventListener('keydown', stopOnEscape);
    return () => document.removeEventListener('keydown', stopOnEscape);
  }, [onStop]);
}
