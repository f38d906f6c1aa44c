import { Paperclip } from 'lucide-react';
import type { Candidate } from '@/lib/browser/draft-files';
import { useFileDrops } from './use-file-drops';

type DropZoneProps = { readonly onFiles: (candidates: readonly Candidate[]) => void };

/** The whole page takes files; while some are held over it, it says so. */
export function DropZone({ onFiles }: DropZoneProps) {
  const isOver = useFileDrops(onFiles);
  if (!isOver) return null;
  return (
    <div aria-hidden="true" className="drop-zone">
      <p className="flex items-center gap-2 rounded-xl border border-river bg-surface px-5 py-3 font-medium text-river">
        <Paperclip className="size-4" strokeWidth={1.75} />
        Drop to attach
      </p>
    </div>
  );
}
