import { lazy, Suspense, useEffect } from 'react';
import { useSteadyHeight } from './use-steady-height';

const loadMarkdown = () => import('./markdown');
const Markdown = lazy(loadMarkdown);

type AnswerTextProps = { readonly id: string; readonly text: string; readonly isStreaming: boolean };

/** An answer as Markdown. Until the renderer has been loaded its text is there as it is: no word waits for code. */
export function AnswerText({ id, text, isStreaming }: AnswerTextProps) {
  const ref = useSteadyHeight(isStreaming);
  return (
    <div ref={ref} dir="auto" className="answer">
      <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
        <Markdown id={id} text={text} />
      </Suspense>
    </div>
  );
}

/** Fetches the renderer while nobody waits for it: after the page has become usable, before the first answer. */
export function usePreloadedMarkdown(): void {
  useEffect(() => {
    void loadMarkdown();
  }, []);
}
