import { type KeyboardEvent, type ReactNode, type RefObject, useEffect } from 'react';
import { isOfInputMethod } from '@/lib/browser/input-method';
import { hasTouchKeyboard } from '@/lib/browser/touch-keyboard';
import type { ModelInfo } from '@/lib/protocol/models';
import { ActionButton } from './action-button';
import { GrowingTextarea } from './growing-textarea';
import { SendOrStop } from './send-or-stop';
import type { ComposerFiles } from './use-draft-files';

type ComposerProps = {
  readonly textareaRef: RefObject<HTMLTextAreaElement | null>;
  readonly modelRef: RefObject<HTMLSelectElement | null>;
  readonly draft: string;
  readonly onDraftChange: (text: string) => void;
  readonly models: readonly ModelInfo[];
  readonly model: string;
  readonly onModelChange: (id: string) => void;
  readonly isRunning: boolean;
  readonly isStopping: boolean;
  /** Whether there is a chat to send to. */
  readonly isReady: boolean;
  /** Files go along: then there need not be words. `held-up`: they cannot be sent as they are. */
  readonly files: ComposerFiles['status'];
  readonly tray: ReactNode;
  readonly attachButton: ReactNode;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
};

export function Composer({
  textareaRef,
  modelRef,
  draft,
  onDraftChange,
  models,
  model,
  onModelChange,
  isRunning,
  isStopping,
  isReady,
  files,
  tray,
  attachButton,
  onSend,
  onStop,
}: ComposerProps) {
  const canSend = isReady && files !== 'held-up' && (draft.trim() !== '' || files === 'ready');

  useEffect(() => {
    // What was typed before this code had arrived.
    if (textareaRef.current?.value) onDraftChange(textareaRef.current.value);
    if (!hasTouchKeyboard()) textareaRef.current?.focus();
  }, [textareaRef, onDraftChange]);

  function send() {
    if (!canSend) return;
    onSend(withoutBlankEnds(draft));
    onDraftChange('');
  }

  function sendOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
    // On a touch keyboard Enter is the only way to a new line, and Send is under the thumb.
    if (event.key !== 'Enter' || event.shiftKey || isOfInputMethod(event.nativeEvent) || hasTouchKeyboard()) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      aria-label="Write to Claude"
      className="fade-above relative z-10 mx-auto w-full max-w-[46rem] px-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-4"
    >
      <div className="rounded-2xl border border-line bg-surface shadow-black/[0.04] shadow-lg transition-colors focus-within:border-river">
        {tray}
        <GrowingTextarea
          ref={textareaRef}
          label="Message"
          placeholder="Message Claude"
          value={draft}
          onChange={onDraftChange}
          onKeyDown={sendOnEnter}
        />
        <div className="flex items-center gap-2 px-1.5 pb-2 sm:px-2">
          {attachButton}
          <select
            ref={modelRef}
            aria-label="Model"
            value={model}
            onChange={(event) => onModelChange(event.target.value)}
            className="h-9 min-w-0 text-ellipsis rounded-lg bg-transparent px-1.5 text-muted text-sm hover:text-ink pointer-coarse:h-11"
          >
            {models.map(({ id, label }) => (
              <option key={id} value={id} className="bg-surface text-ink">
                {label}
              </option>
            ))}
          </select>
          <span className="ms-auto" />
          {isRunning && canSend && <ActionButton onClick={send}>Queue</ActionButton>}
          <SendOrStop
            isRunning={isRunning}
            isStopping={isStopping}
            canSend={canSend}
            draft={draft}
            onSend={send}
            onStop={onStop}
          />
        </div>
      </div>
    </form>
  );
}

/** Without the blank lines around it; the indentation of its first line stays. */
export function withoutBlankEnds(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}
