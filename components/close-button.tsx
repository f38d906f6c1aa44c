import { X } from 'lucide-react';

type CloseButtonProps = { readonly label: string; readonly onClick: () => void };

export function CloseButton({ label, onClick }: CloseButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:text-ink pointer-coarse:size-11"
    >
      <X aria-hidden="true" className="size-4" strokeWidth={1.75} />
    </button>
  );
}
