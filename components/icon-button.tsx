import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';

type IconButtonProps = Omit<ComponentProps<'button'>, 'children' | 'className' | 'type'> & {
  readonly label: string;
  readonly icon: LucideIcon;
};

/** A small button that is known by its icon. */
export function IconButton({ label, icon: Icon, ...button }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="flex size-7 shrink-0 items-center justify-center rounded-md text-muted transition-colors hover:text-ink aria-disabled:opacity-40 aria-pressed:text-river pointer-coarse:size-11"
      {...button}
    >
      <Icon aria-hidden="true" className="size-3.5" strokeWidth={1.75} />
    </button>
  );
}
