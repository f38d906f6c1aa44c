import { AnswerBoundary } from './answer-boundary';
import { PlainText } from './plain-text';
import { useMarkdown } from './use-markdown';
import { useSteadyHeight } from './use-steady-height';

type AnswerTextProps = { readonly id: string; readonly text: string; readonly isStreaming: boolean };

/** An answer as Markdown; as plain text where the renderer is not there yet or cannot cope with it. */
export function AnswerText({ id, text, isStreaming }: AnswerTextProps) {
  const Markdown = useMarkdown();
  const ref = useSteadyHeight(isStreaming && Markdown !== null);
  return (
    <div ref={ref} dir="auto" className="answer">
      <AnswerBoundary fallback={<PlainText text={text} isFallback />}>
        {Markdown ? <Markdown id={id} text={text} /> : <PlainText text={text} />}
      </AnswerBoundary>
    </div>
  );
}
