import { SquarePen } from 'lucide-react';

type HeaderProps = { readonly isSimulated: boolean; readonly canClear: boolean; readonly onClear: () => void };

export function Header({ isSimulated, canClear, onClear }: HeaderProps) {
  return (
    <header className="fade-below relative z-10 flex h-14 items-center gap-3 px-5 sm:px-8">
      <Mark />
      <h1 className="font-semibold text-[0.95rem] tracking-tight">Rivulet</h1>
      {isSimulated && (
        <p className="rounded-full border border-line px-2.5 py-0.5 text-muted text-xs">Simulated Claude</p>
      )}
      <button
        type="button"
        onClick={onClear}
        hidden={!canClear}
        className="ms-auto flex h-9 items-center gap-2 rounded-lg px-3 text-muted text-sm transition-colors hover:bg-sunken hover:text-ink [&[hidden]]:hidden"
      >
        <SquarePen aria-hidden="true" className="size-4" strokeWidth={1.75} />
        New chat
      </button>
    </header>
  );
}

/** A course of water that ends in a point: an answer, and its full stop. */
function Mark() {
  return (
    <svg viewBox="6 3 18 27" aria-hidden="true" className="h-6 text-river">
      <path
        d="M11 5c0 4.5 8 4.5 8 9s-8 4.5-8 9"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
      <circle cx="11" cy="27.5" r="1.8" fill="currentColor" />
    </svg>
  );
}
