import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { CloseButton } from './close-button';

type SheetProps = {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** A dialog over the page; on a phone it comes from below. Escape, the button and a press beside it close it. */
export function Sheet({ title, isOpen, onClose, children }: SheetProps) {
  const ref = useRef<HTMLDialogElement>(null);

  // Before the effects of what is in it, which look for their place.
  useLayoutEffect(() => {
    if (isOpen) ref.current?.showModal();
    else ref.current?.close();
  }, [isOpen]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog, and there is a button
    <dialog
      ref={ref}
      aria-label={title}
      onClose={() => {
        giveCaret();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="sheet"
    >
      {isOpen && (
        <div className="flex max-h-[inherit] flex-col">
          <div className="fade-below relative z-10 flex h-14 shrink-0 items-center justify-between ps-5 pe-2 sm:ps-7 sm:pe-4">
            <h2 className="font-semibold text-[0.95rem] tracking-tight">{title}</h2>
            <CloseButton label="Close" onClick={onClose} />
          </div>
          <div className="min-h-0 overflow-y-auto overscroll-contain px-5 pb-[env(safe-area-inset-bottom)] sm:px-7">
            {children}
          </div>
        </div>
      )}
    </dialog>
  );
}

/** Chromium gives the focus back without a caret, and what is typed then goes nowhere. */
function giveCaret(): void {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLTextAreaElement)) return;
  activeElement.blur();
  activeElement.focus();
}
