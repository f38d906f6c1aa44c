import { type KeyboardEvent, useEffect, useRef } from 'react';
import { isOfInputMethod } from '@/lib/browser/input-method';

/** The title of a chat while it is changed. Enter and leaving keep what was typed, Escape does not; `onEnd` hears null then, and whether it was a key. */
export function RenameField({
  title,
  onEnd,
}: {
  readonly title: string;
  readonly onEnd: (name: string | null, isByKey: boolean) => void;
}) {
  const ref = useRef<HTMLInputElement>(null);
  const hasEnded = useRef(false);

  useEffect(() => ref.current?.select(), []);

  /** The field goes away with its end, and that is leaving it too. */
  function end(name: string | null, isByKey: boolean) {
    if (hasEnded.current) return;
    hasEnded.current = true;
    onEnd(name, isByKey);
  }

  function endOnKey(event: KeyboardEvent<HTMLInputElement>) {
    if (isOfInputMethod(event.nativeEvent) || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    end(event.key === 'Enter' ? event.currentTarget.value : null, true);
  }

  return (
    <input
      ref={ref}
      aria-label="Title"
      dir="auto"
      defaultValue={title}
      maxLength={200}
      onKeyDown={endOnKey}
      onBlur={(event) => end(event.currentTarget.value, false)}
      className="min-w-0 flex-1 rounded-lg bg-surface px-3 py-2 text-base outline-offset-[-2px] pointer-coarse:py-2.5 sm:text-sm"
    />
  );
}
