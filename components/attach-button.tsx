import { Paperclip } from 'lucide-react';
import { useRef } from 'react';
import { chosenFiles } from '@/lib/browser/chosen-files';
import type { Candidate } from '@/lib/browser/draft-files';

type AttachButtonProps = { readonly onFiles: (candidates: readonly Candidate[]) => void };

/** Any file may be chosen: what it is shows when it is read. */
export function AttachButton({ onFiles }: AttachButtonProps) {
  const ref = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        aria-label="Attach files"
        title="Attach files"
        onClick={() => ref.current?.click()}
        className="flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:bg-sunken hover:text-ink pointer-coarse:size-10"
      >
        <Paperclip aria-hidden="true" className="size-[1.125rem]" strokeWidth={1.75} />
      </button>
      <input
        ref={ref}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onFiles(chosenFiles(currentTarget.files));
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
