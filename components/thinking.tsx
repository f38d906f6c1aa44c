import { Disclosure } from './disclosure';

type ThinkingProps = { readonly text: string; readonly isRunning: boolean; readonly thinkingMs: number | null };

/** Claude's summarized thinking. */
export function Thinking({ text, isRunning, thinkingMs }: ThinkingProps) {
  return (
    <Disclosure label={isRunning ? 'Thinking…' : thoughtFor(thinkingMs)} isBusy={isRunning}>
      <p dir="auto" className="whitespace-pre-wrap text-muted text-sm leading-relaxed">
        {text}
      </p>
    </Disclosure>
  );
}

function thoughtFor(thinkingMs: number | null): string {
  return `Thought for ${Math.max(1, Math.round((thinkingMs ?? 0) / 1000))} s`;
}
