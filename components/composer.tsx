import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, type Ref, useState } from 'react';
import { hasTouchKeyboard } from '@/lib/browser/touch-keyboard';
import type { ModelInfo } from '@/lib/protocol/models';

type ComposerProps = {
  readonly textareaRef: Ref<HTMLTextAreaElement>;
  readonly models: readonly ModelInfo[];
  readonly model: string;
  readonly onModelChange: (id: string) => void;
  readonly isRunning: boolean;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
};

export function Composer({ textareaRef, models, model, onModelChange, isRunning, onSend, onStop }: ComposerProps) {
  const [draft, setDraft] = useState('');
  const canSend = !isRunning && draft.trim() !== '';

  function send() {
    if (!canSend) return;
    onSend(draft.trimEnd());
    setDraft('');
  }

  function sendOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event) || hasTouchKeyboard()) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      aria-label="Write to Claude"
      className="fade-above relative z-10 mx-auto w-full max-w-[46rem] px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="rounded-2xl border border-line bg-surface shadow-black/[0.04] shadow-lg transition-colors focus-within:border-river">
        <GrowingTextarea ref={textareaRef} value={draft} onChange={setDraft} onKeyDown={sendOnEnter} />
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
          <SendOrStop isRunning={isRunning} canSend={canSend} onStop={onStop} />
        </div>
      </div>
    </form>
  );
}

type SendOrStopProps = { readonly isRunning: boolean; readonly canSend: boolean; readonly onStop: () => void };

/** One button for both, so that the keyboard stays where it is; for the same reason it is never disabled outright. */
function SendOrStop({ isRunning, canSend, onStop }: SendOrStopProps) {
  const look = isRunning
    ? 'border-line bg-surface hover:border-error hover:text-error'
    : 'border-transparent bg-river text-on-river aria-disabled:cursor-default aria-disabled:opacity-40';
  return (
    <button
      type="submit"
      aria-disabled={!isRunning && !canSend}
      onClick={(event) => {
        if (!isRunning) return;
        event.preventDefault();
        onStop();
      }}
      className={`ms-auto flex h-9 items-center gap-1.5 rounded-xl border px-3.5 font-medium text-sm transition-colors ${look}`}
    >
      {isRunning ? (
        <Square aria-hidden="true" className="size-3 fill-current" />
      ) : (
        <ArrowUp aria-hidden="true" className="size-4" />
      )}
      {isRunning ? 'Stop' : 'Send'}
    </button>
  );
}

type GrowingTextareaProps = {
  readonly ref: Ref<HTMLTextAreaElement>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
};

/** Grows with its text: an invisible copy in the same grid cell gives the height, without measuring anything. */
function GrowingTextarea({ ref, value, onChange, onKeyDown }: GrowingTextareaProps) {
  const box = 'col-start-1 row-start-1 px-4 pt-3.5 pb-2 leading-normal whitespace-pre-wrap [overflow-wrap:anywhere]';
  return (
    <div className="grid max-h-[40dvh] overflow-y-auto">
      <div aria-hidden="true" className={`${box} invisible`}>{`${value} `}</div>
      <textarea
        ref={ref}
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
