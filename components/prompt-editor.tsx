import { useEffect, useId, useRef, useState } from 'react';
import { nameOf, type Prompt } from '@/lib/chat/prompts';

type PromptEditorProps = {
  readonly prompt: Prompt;
  /** Whatever is typed holds at once. */
  readonly onChange: (prompt: Prompt) => void;
  readonly onDone: () => void;
};

/** One prompt while it is changed. What other tabs make of it meanwhile is not looked at: who types last is right. */
export function PromptEditor({ prompt, onChange, onDone }: PromptEditorProps) {
  const [typed, setTyped] = useState(prompt);
  const nameRef = useRef<HTMLInputElement>(null);
  const id = useId();

  useEffect(() => nameRef.current?.focus(), []);

  const change = (changes: Partial<Prompt>) => {
    const next = { ...typed, ...changes };
    setTyped(next);
    onChange(next);
  };
  return (
    <div className="flex flex-col gap-3">
      <label className="flex flex-col gap-1.5 text-sm">
        Name
        <input
          ref={nameRef}
          dir="auto"
          maxLength={200}
          value={typed.name}
          placeholder={nameOf({ name: '', text: typed.text }) || 'Answer a letter'}
          onChange={({ target }) => change({ name: target.value })}
          className="field h-9 pointer-coarse:h-11"
        />
      </label>
      <label className="flex flex-col gap-1.5 text-sm">
        Text
        <textarea
          dir="auto"
          rows={6}
          value={typed.text}
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => change({ text: target.value })}
          className="field py-2"
        />
      </label>
      <p id={`${id}-hint`} aria-live="polite" className="text-muted text-sm">
        {typed.text.trim() === '' && prompt.text !== ''
          ? 'A prompt needs a text. Without one it stays as it was.'
          : 'What stands in {{braces}} is to be filled in: the first is selected when the prompt is inserted.'}
      </p>
      <div>
        <button
          type="button"
          onClick={onDone}
          className="h-9 rounded-lg border border-line bg-surface px-4 font-medium text-sm transition-colors hover:border-river hover:text-river pointer-coarse:h-11"
        >
          Done
        </button>
      </div>
    </div>
  );
}
