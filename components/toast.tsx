import { type FocusEvent, useEffect, useRef } from 'react';
import { canUndo, type Toast as ToastWords } from '@/lib/browser/deletions';
import { CloseButton } from './close-button';

type ToastProps = {
  readonly toast: ToastWords;
  /** Whether the keyboard goes on with the way back. */
  readonly takesFocus: boolean;
  readonly onUndo: () => void;
  readonly onDismiss: () => void;
  /** Its reader is at it, or has left it. */
  readonly onHold: (isHeld: boolean) => void;
};

/** A word about what just happened, above the composer, with the way back where there is one. */
export function Toast({ toast, takesFocus, onUndo, onDismiss, onHold }: ToastProps) {
  const undoRef = useRef<HTMLButtonElement>(null);
  const { text } = toast;

  useEffect(() => {
    if (takesFocus && canUndo(toast)) undoRef.current?.focus();
  }, [takesFocus, toast]);

  const letGo = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) onHold(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is only noticed whether somebody is at it
    <div
      className="toast"
      onFocus={() => onHold(true)}
      onBlur={letGo}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
    >
      <p aria-live="polite" className="min-w-0 flex-1">
        {text}
      </p>
      {canUndo(toast) && (
        <button
          ref={undoRef}
          type="button"
          onClick={onUndo}
          className="h-9 rounded-lg px-2.5 font-semibold text-river hover:underline pointer-coarse:h-11"
        >
          Undo
        </button>
      )}
      <CloseButton label="Dismiss" onClick={onDismiss} />
    </div>
  );
}
