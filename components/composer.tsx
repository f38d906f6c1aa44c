import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { ModelInfo } from '@/lib/protocol/models';

type ComposerProps = {
  readonly models: readonly ModelInfo[];
  readonly model: string;
  readonly onModelChange: (id: string) => void;
  readonly isRunning: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
};

export function Composer({ models, model, onModelChange, isRunning, onSend, onStop }: ComposerProps) {
  const [draft, setDraft] = useState('');
  const canSend = !isRunning && draft.trim() !== '';

  function send() {
    if (!canSend) return;
    onSend(draft.trim());
    setDraft('');
  }

  function sendOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event) || hasTouchKeyboard()) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className="fade-above relative z-10 mx-auto w-full max-w-[46rem] px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="rounded-2xl border border-line bg-surface shadow-black/[0.04] shadow-lg transition-colors focus-within:border-river">
        <GrowingTextarea value={draft} onChange={setDraft} onKeyDown={sendOnEnter} />
        <div className="flex items-center gap-2 px-2 pb-2">
          <select
            aria-label="Model"
            value={model}
            onChange={(event) => onModelChange(event.target.value)}
            className="h-9 min-w-0 rounded-lg bg-transparent px-2 text-muted text-sm hover:text-ink"
          >
            {models.map(({ id, label }) => (
              <option key={id} value={id} className="bg-surface text-ink">
                {label}
              </option>
            ))}
          </select>
          {isRunning ? (
            <button
              type="button"
              onClick={onStop}
              className="ms-auto flex h-9 items-center gap-2 rounded-xl border border-line px-3.5 font-medium text-sm transition-colors hover:border-error hover:text-error"
            >
              <Square aria-hidden="true" className="size-3 fill-current" />
              Stop
            </button>
          ) : (
            <button
              type="submit"
              disabled={!canSend}
              className="ms-auto flex h-9 items-center gap-1.5 rounded-xl bg-river px-3.5 font-medium text-on-river text-sm transition-opacity disabled:cursor-default disabled:opacity-40"
            >
              <ArrowUp aria-hidden="true" className="size-4" />
              Send
            </button>
          )}
        </div>
      </div>
    </form>
  );
}

type GrowingTextareaProps = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
};

/** Grows with its text: an invisible copy in the same grid cell gives the height, without measuring anything. */
function GrowingTextarea({ value, onChange, onKeyDown }: GrowingTextareaProps) {
  const box = 'col-start-1 row-start-1 px-4 pt-3.5 pb-2 leading-normal whitespace-pre-wrap [overflow-wrap:anywhere]';
  return (
    <div className="grid max-h-[40dvh] overflow-y-auto">
      <div aria-hidden="true" className={`${box} invisible`}>{`${value} `}</div>
      <textarea
        aria-label="Message"
        placeholder="Message Claude"
        rows={1}
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className={`${box} w-full resize-none overflow-hidden bg-transparent outline-none placeholder:text-muted`}
      />
    </div>
  );
}

/** Enter that confirms an input method's choice must not send. Safari reports it after the composition, as key 229. */
function isComposing(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}

/** On a phone Enter is the only way to a new line, and Send is under the thumb. */
function hasTouchKeyboard(): boolean {
  return matchMedia('(pointer: coarse) and (hover: none)').matches;
}
