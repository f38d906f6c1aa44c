import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';

type BarButtonProps = Omit<ComponentProps<'button'>, 'children' | 'className' | 'type'> & {
  readonly label: string;
  readonly icon: LucideIcon;
};

/** A button of the composer that is known by its icon. */
export function BarButton({ label, icon: Icon, ...button }: BarButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="flex size-9 shrink-0 items-center justify-center rounded-lg text-muted transition-colors hover:text-ink aria-expanded:text-river pointer-coarse:size-10"
      {...button}
    >
      <Icon aria-hidden="true" className="size-4" strokeWidth={1.75} />
    </button>
  );
}
