import { useEffect, useState } from 'react';
import { type Copied, copy } from '@/lib/browser/copy';

const FEEDBACK_MS = 2000;

export const COPYING_WORDS = { ready: 'Copy', copied: 'Copied', failed: 'The browser does not allow it' } as const;

/** Copies, and says for a moment how that went. */
export function useCopying() {
  const [state, setState] = useState<keyof typeof COPYING_WORDS>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return {
    state,
    startCopying: async (copied: Copied) => {
      setState('ready');
      setState((await copy(copied)) ? 'copied' : 'failed');
    },
  };
}
