import { Check, Copy } from 'lucide-react';
import type { Copied } from '@/lib/browser/copy';
import { COPYING_WORDS, useCopying } from './use-copying';

type CopyButtonProps = {
  /** What costs something to put together is read when it is wanted. */
  readonly read: () => Copied;
  readonly label: 'Copy message' | 'Copy code';
};

export function CopyButton({ read, label }: CopyButtonProps) {
  const { state, startCopying } = useCopying();
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <>
      <button
        type="button"
        aria-label={label}
        onClick={() => void startCopying(read())}
        className="-ms-2 flex h-8 items-center gap-1.5 rounded-md px-2 text-muted text-xs transition-colors hover:text-ink pointer-coarse:h-11"
      >
        <Icon aria-hidden="true" className="size-3.5" strokeWidth={1.75} />
        {COPYING_WORDS[state]}
      </button>
      <span aria-live="polite" className="sr-only">
        {state === 'ready' ? '' : COPYING_WORDS[state]}
      </span>
    </>
  );
}
