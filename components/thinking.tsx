import { Disclosure } from './disclosure';
import { usePreferences } from './use-preferences';

const THINKING = 'Thinking…';

type ThinkingProps = { readonly text: string; readonly isRunning: boolean; readonly thinkingMs: number | null };

/** Claude's summarized thinking, as far as its reader wants to see it; that it goes on is always said. */
export function Thinking({ text, isRunning, thinkingMs }: ThinkingProps) {
  const { thinking } = usePreferences();
  if (thinking === 'hidden')
    return isRunning ? <p className="shimmer text-muted text-sm leading-7">{THINKING}</p> : null;
  return (
    <Disclosure
      label={isRunning ? THINKING : thoughtFor(thinkingMs)}
      isBusy={isRunning}
      isOpenAtFirst={thinking === 'open'}
    >
      <p dir="auto" className="whitespace-pre-wrap text-muted text-sm leading-relaxed">
        {text}
      </p>
    </Disclosure>
  );
}

function thoughtFor(thinkingMs: number | null): string {
  return `Thought for ${Math.max(1, Math.round((thinkingMs ?? 0) / 1000))} s`;
}
