import { useEffect, useState } from 'react';
import type { StoreProblem } from '@/lib/browser/chat-store';
import { readStorageUse, type StorageUse, sizeInWords } from '@/lib/browser/storage-use';
import type { StoredChat } from '@/lib/chat/history';
import { ExportButton } from './export-button';
import { SettingsSection } from './setting';

export type StorageSettingsProps = {
  /** Why nothing is stored; null where it is. */
  readonly problem: StoreProblem | null;
  readonly readAll: () => Promise<readonly StoredChat[]>;
};

/** Where the chats are, how much room they take, and the way to take them along. */
export function StorageSettings({ problem, readAll }: StorageSettingsProps) {
  const [use, setUse] = useState<StorageUse | null>(null);
  useEffect(() => {
    void readStorageUse().then(setUse);
  }, []);
  return (
    <SettingsSection title="Your data">
      <p className="text-muted text-sm">{describe(problem, use)}</p>
      <div className="-ms-2.5 flex">
        <ExportButton label="Export all chats" readAll={readAll} />
      </div>
    </SettingsSection>
  );
}

function describe(problem: StoreProblem | null, use: StorageUse | null): string {
  if (problem) return 'Nothing can be saved in this browser at the moment. Export what you want to keep.';
  const where = 'Chats, prompts and settings are kept in this browser, and nowhere else.';
  const size = use?.bytes == null ? '' : ` They take ${sizeInWords(use.bytes)}.`;
  if (use?.isLasting == null) return where + size;
  const until = use.isLasting
    ? ' The browser keeps them until you delete them.'
    : ' The browser may remove them when it runs short of room, so export what matters.';
  return where + size + until;
}
