import { ArrowUp, Square } from 'lucide-react';
import { type MouseEvent, useEffect, useRef } from 'react';

type SendOrStopProps = {
  readonly isRunning: boolean;
  readonly isStopping: boolean;
  readonly canSend: boolean;
  readonly draft: string;
  readonly onSend: () => void;
  readonly onStop: () => void;
};

/** A press this soon after a reply ended, by who was at the button already, was meant for Stop. */
const TOO_SOON_MS = 400;

/**
 * One button for both, so that the keyboard stays where it is; for the same reason it is never disabled outright. A
 * double click is one click, and a press of Stop that comes a moment too late does not send a half-written draft.
 */
export function SendOrStop({ isRunning, isStopping, canSend, draft, onSend, onStop }: SendOrStopProps) {
  const ref = useRef<HTMLButtonElement>(null);
  const mayBeMeantForStop = useRef(false);

  useEffect(() => {
    if (isRunning) return;
    mayBeMeantForStop.current = ref.current?.matches(':hover, :focus') ?? false;
    const timer = setTimeout(() => {
      mayBeMeantForStop.current = false;
    }, TOO_SOON_MS);
    return () => clearTimeout(timer);
  }, [isRunning]);

  // Who has typed since then means Send.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what counts is that it changed
  useEffect(() => {
    mayBeMeantForStop.current = false;
  }, [draft]);

  function act(event: MouseEvent) {
    // The second click of a double click; further ones on Stop are somebody's impatience.
    if (event.detail === 2 || (event.detail > 2 && !isRunning)) return;
    if (isRunning) onStop();
    else if (!mayBeMeantForStop.current) onSend();
  }

  const look = isRunning
    ? 'border-line bg-surface hover:border-error hover:text-error'
    : canSend
      ? 'border-transparent bg-river text-on-river'
      : 'cursor-default border-transparent bg-sunken text-muted';
  return (
    <button
      ref={ref}
      type="button"
      aria-disabled={isRunning ? isStopping : !canSend}
      onClick={act}
      className={`flex h-9 shrink-0 items-center gap-1.5 rounded-xl border px-3.5 font-medium text-sm transition-colors pointer-coarse:h-11 ${look}`}
    >
      {isRunning ? (
        <Square aria-hidden="true" className="size-3 fill-current" />
      ) : (
        <ArrowUp aria-hidden="true" className="size-4" />
      )}
      {isRunning ? (isStopping ? 'Stopping…' : 'Stop') : 'Send'}
    </button>
  );
}
