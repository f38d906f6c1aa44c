import { lazy, Suspense, useEffect } from 'react';

const loadMarkdown = () => import('./markdown');
const Markdown = lazy(loadMarkdown);

/** An answer as Markdown. Until the renderer has been loaded its text is there as it is: no word waits for code. */
export function AnswerText({ text }: { readonly text: string }) {
  return (
    <div dir="auto" className="answer">
      <Suspense fallback={<p className="whitespace-pre-wrap">{text}</p>}>
        <Markdown text={text} />
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
