import { Download } from 'lucide-react';
import { saveFile } from '@/lib/browser/save-file';
import type { StoredChat } from '@/lib/chat/history';

type ExportButtonProps = {
  readonly label: string;
  readonly readAll: () => Promise<readonly StoredChat[]>;
};

/** Gives all chats to their reader as a file. */
export function ExportButton({ label, readAll }: ExportButtonProps) {
  const exportAll = async () => {
    const chats = await readAll();
    saveFile('rivulet-chats.json', 'application/json', JSON.stringify({ chats }, null, 2));
  };
  return (
    <button
      type="button"
      onClick={exportAll}
      className="flex h-9 shrink-0 items-center gap-1.5 rounded-lg px-2.5 font-semibold text-river text-sm hover:underline pointer-coarse:h-11"
    >
      <Download aria-hidden="true" className="size-4" strokeWidth={1.75} />
      {label}
    </button>
  );
}
