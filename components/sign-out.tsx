import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { signOut } from '@/lib/browser/sign-in';

/** Ends the session of this browser. Its chats stay in it. */
export function SignOut() {
  const [problem, setProblem] = useState('');

  async function leave() {
    try {
      await signOut();
      location.reload();
    } catch (error) {
      setProblem(`You are still signed in. ${error instanceof Error ? error.message : ''}`);
    }
  }

  return (
    <div className="flex flex-wrap items-center gap-x-3 border-line border-t py-4">
      <button
        type="button"
        onClick={leave}
        className="-ms-2.5 flex h-9 items-center gap-1.5 rounded-lg px-2.5 font-medium text-muted text-sm transition-colors hover:text-ink pointer-coarse:h-11"
      >
        <LogOut aria-hidden="true" className="size-4" strokeWidth={1.75} />
        Sign out
      </button>
      <p aria-live="polite" className="text-muted text-sm">
        {problem || 'Your chats stay in this browser.'}
      </p>
    </div>
  );
}
