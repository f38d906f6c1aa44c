import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '@/lib/browser/copy-text';

const FEEDBACK_MS = 2000;

type CopyButtonProps = { readonly text: string; readonly label: 'Copy message' | 'Copy code' };

export function CopyButton({ text, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const Icon = outcome === 'copied' ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={label}
      onClick={async () => setOutcome((await copyText(text)) ? 'copied' : 'failed')}
      className="-ms-2 flex h-8 items-center gap-1.5 rounded-md px-2 text-muted text-xs transition-colors hover:text-ink"
    >
      <Icon aria-hidden="true" className="size-3.5" strokeWidth={1.75} />
      <span aria-live="polite">
        {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'The browser does not allow it' : 'Copy'}
      </span>
    </button>
  );
}
