import { ArrowDown } from 'lucide-react';

export function JumpToLatest({ onJump }: { readonly onJump: () => void }) {
  return (
    <button
      type="button"
      onClick={onJump}
      className="-translate-x-1/2 absolute bottom-3 left-1/2 flex h-9 items-center gap-1.5 whitespace-nowrap rounded-full border border-line bg-surface px-4 text-sm shadow-black/5 shadow-lg transition-colors hover:text-river pointer-coarse:h-11"
    >
      <ArrowDown aria-hidden="true" className="size-4" strokeWidth={1.75} />
      Jump to latest
    </button>
  );
}
