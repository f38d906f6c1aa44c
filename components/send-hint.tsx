import { modifiedEnter } from '@/lib/browser/modified-enter';
import type { Preferences } from '@/lib/browser/preferences';

type SendHintProps = { readonly id: string; readonly sendKey: Preferences['sendKey'] };

/** How a message is sent by keyboard. What is usual is only said to who cannot see the button, and nothing where there are no such keys. */
export function SendHint({ id, sendKey }: SendHintProps) {
  const isUsual = sendKey === 'enter';
  return (
    <p id={id} className={`truncate text-muted text-xs ${isUsual ? 'sr-only' : 'max-sm:sr-only'}`}>
      <span className="[@media(pointer:coarse)_and_(hover:none)]:hidden">
        {isUsual ? 'Enter sends, Shift+Enter breaks the line.' : `${modifiedEnter()} sends`}
      </span>
    </p>
  );
}
