import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';

type ThinkingProps = { readonly text: string; readonly isRunning: boolean; readonly thinkingMs: number | null };

/** Claude's summarized thinking, folded away until the reader wants it. */
export function Thinking({ text, isRunning, thinkingMs }: ThinkingProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="-ms-1.5 flex items-center gap-1 rounded-md px-1.5 py-0.5 text-muted text-sm transition-colors hover:text-ink"
      >
        <ChevronRight
          aria-hidden="true"
          className={`size-4 transition-transform ${isOpen ? 'rotate-90' : ''}`}
          strokeWidth={1.75}
        />
        <span className={isRunning ? 'shimmer' : ''}>{isRunning ? 'Thinking…' : thoughtFor(thinkingMs)}</span>
      </button>
      <div
        id={id}
        hidden={!isOpen}
        dir="auto"
        className="mt-2 ms-5 whitespace-pre-wrap text-muted text-sm leading-relaxed"
      >
        {text}
      </div>
    </div>
  );
}

function thoughtFor(thinkingMs: number | null): string {
  return `Thought for ${Math.max(1, Math.round((thinkingMs ?? 0) / 1000))} s`;
}
