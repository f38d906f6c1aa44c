import { useState } from 'react';
import type { StoreProblem } from '@/lib/browser/chat-store';
import type { StoredChat } from '@/lib/chat/history';
import { ExportButton } from './export-button';

type StoreNoticeProps = {
  readonly problem: StoreProblem | null;
  readonly readAll: () => Promise<readonly StoredChat[]>;
};

const SENTENCES: Readonly<Record<StoreProblem, string>> = {
  full: 'This browser’s storage is full, so new messages are not saved. Delete chats you do not need, or export them.',
  outdated: 'A newer version of Rivulet is open in another tab. Reload this page to save your chats again.',
  unavailable: 'This browser does not let Rivulet save anything. The chat works, and is gone when you close the page.',
};

/** Says once that nothing is saved, and offers to take everything along. */
export function StoreNotice({ problem, readAll }: StoreNoticeProps) {
  const [dismissed, setDismissed] = useState<StoreProblem | null>(null);
  if (!problem || problem === dismissed) return null;
  return (
    <div role="alert" className="toast text-sm">
      <p className="min-w-0 flex-1">{SENTENCES[problem]}</p>
      <ExportButton label="Export" readAll={readAll} />
      <button
        type="button"
        onClick={() => setDismissed(problem)}
        className="h-9 rounded-lg px-2.5 text-muted hover:text-ink pointer-coarse:h-11"
      >
        Dismiss
      </button>
    </div>
  );
}
