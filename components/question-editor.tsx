import { type KeyboardEvent, useEffect, useRef } from 'react';
import { isOfInputMethod } from '@/lib/browser/input-method';
import { hasTouchKeyboard } from '@/lib/browser/touch-keyboard';
import { ActionButton } from './action-button';
import { GrowingTextarea } from './growing-textarea';

export type QuestionEditorProps = {
  readonly text: string;
  readonly canSend: boolean;
  readonly onChange: (text: string) => void;
  readonly onCancel: () => void;
  readonly onSend: () => void;
};

/** Another wording of a question, in its place. The first one stays beside it. */
export function QuestionEditor({ text, canSend, onChange, onCancel, onSend }: QuestionEditorProps) {
  const ref = useRef<HTMLTextAreaElement>(null);
  const isSendable = canSend && text.trim() !== '';

  useEffect(() => {
    const { current: textarea } = ref;
    textarea?.focus();
    textarea?.setSelectionRange(textarea.value.length, textarea.value.length);
  }, []);

  function actOnKey(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (isOfInputMethod(event.nativeEvent)) return;
    if (event.key === 'Escape') onCancel();
    if (event.key !== 'Enter' || event.shiftKey || hasTouchKeyboard()) return;
    event.preventDefault();
    if (isSendable) onSend();
  }

  return (
    <div className="rounded-xl border border-line bg-surface transition-colors focus-within:border-river">
      <GrowingTextarea ref={ref} aria-label="Edit question" value={text} onChange={onChange} onKeyDown={actOnKey} />
      <div className="flex flex-wrap justify-end gap-2 px-2 pb-2">
        <ActionButton onClick={onCancel}>Cancel</ActionButton>
        <ActionButton aria-disabled={!isSendable} onClick={() => isSendable && onSend()}>
          Ask again
        </ActionButton>
      </div>
    </div>
  );
}
