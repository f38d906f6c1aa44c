import type { ComponentProps } from 'react';

/** A button with a word, for a next step beside a text. */
export function ActionButton(button: Omit<ComponentProps<'button'>, 'className' | 'type'>) {
  return (
    <button
      type="button"
      className="flex h-9 items-center gap-1.5 rounded-lg border border-line bg-surface px-3 font-medium text-sm transition-colors hover:border-river hover:text-river aria-disabled:text-muted pointer-coarse:h-11"
      {...button}
    />
  );
}
