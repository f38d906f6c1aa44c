import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '@/lib/browser/copy-text';

const FEEDBACK_MS = 2000;

const WORDS = { ready: 'Copy', copied: 'Copied', failed: 'The browser does not allow it' } as const;

type CopyButtonProps = {
  /** A text that costs something to put together is read when it is wanted. */
  readonly text: string | (() => string);
  readonly label: 'Copy message' | 'Copy code';
};

export function CopyButton({ text, label }: CopyButtonProps) {
  const [state, setState] = useState<keyof typeof WORDS>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <>
      <button
        type="button"
        aria-label={label}
        onClick={async () => setState((await copyText(typeof text === 'string' ? text : text())) ? 'copied' : 'failed')}
        className="-ms-2 flex h-8 items-center gap-1.5 rounded-md px-2 text-muted text-xs transition-colors hover:text-ink pointer-coarse:h-11"
      >
        <Icon aria-hidden="true" className="size-3.5" strokeWidth={1.75} />
        {WORDS[state]}
      </button>
      <span aria-live="polite" className="sr-only">
        {state === 'ready' ? '' : WORDS[state]}
      </span>
    </>
  );
}
