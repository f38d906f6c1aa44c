import type { Toast as ToastWords } from '@/lib/browser/deletions';
import { CloseButton } from './close-button';

type ToastProps = { readonly toast: ToastWords; readonly onUndo: () => void; readonly onDismiss: () => void };

/** A word about what just happened, above the composer, with the way back where there is one. */
export function Toast({ toast, onUndo, onDismiss }: ToastProps) {
  return (
    <div className="toast">
      <p aria-live="polite" className="min-w-0 flex-1">
        {toast.text}
      </p>
      {toast.deletedChat && (
        <button
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
