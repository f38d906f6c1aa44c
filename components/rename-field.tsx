import { type KeyboardEvent, useEffect, useRef } from 'react';
import { isOfInputMethod } from '@/lib/browser/input-method';

/** The title of a chat while it is changed. Enter and leaving keep what was typed, Escape does not; `onEnd` hears null then. */
export function RenameField({
  title,
  onEnd,
}: {
  readonly title: string;
  readonly onEnd: (name: string | null) => void;
}) {
  const ref = useRef<HTMLInputElement>(null);
  const hasEnded = useRef(false);

  useEffect(() => ref.current?.select(), []);

  /** The field goes away with its end, and that is leaving it too. */
  function end(name: string | null) {
    if (hasEnded.current) return;
    hasEnded.current = true;
    onEnd(name);
  }

  function endOnKey(event: KeyboardEvent<HTMLInputElement>) {
    if (isOfInputMethod(event.nativeEvent) || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    end(event.key === 'Enter' ? event.currentTarget.value : null);
  }

  return (
    <input
      ref={ref}
      aria-label="Title"
      defaultValue={title}
      maxLength={200}
      onKeyDown={endOnKey}
      onBlur={(event) => end(event.currentTarget.value)}
      className="m-0.5 min-w-0 flex-1 rounded-md bg-surface px-2 py-1 text-base sm:text-sm"
    />
  );
}
