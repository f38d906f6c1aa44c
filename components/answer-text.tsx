import { useRef } from 'react';
import { AnswerBoundary } from './answer-boundary';
import { PlainNotice, PlainText } from './plain-text';
import { useApproach } from './use-approach';
import { useMarkdown } from './use-markdown';
import { useSteadyHeight } from './use-steady-height';

type AnswerTextProps = {
  readonly id: string;
  readonly text: string;
  readonly isStreaming: boolean;
  /** Whether it is in sight, or close to it, when it is first drawn. */
  readonly isNear?: boolean;
};

/** An answer as Markdown; as plain text where it is far out of sight, or the renderer is not there yet or cannot cope. */
export function AnswerText({ id, text, isStreaming, isNear = true }: AnswerTextProps) {
  const Markdown = useMarkdown();
  const ref = useRef<HTMLDivElement>(null);
  const hasComeNear = useApproach(ref, isNear);
  useSteadyHeight(ref, isStreaming && Markdown !== null);
  return (
    <div ref={ref} dir="auto" className="answer">
      <AnswerBoundary fallback={<Undrawn text={text} />}>
        {Markdown && hasComeNear ? (
          <Markdown id={id} text={text} isStreaming={isStreaming} />
        ) : (
          <PlainText text={text} />
        )}
      </AnswerBoundary>
    </div>
  );
}

function Undrawn({ text }: { readonly text: string }) {
  return (
    <>
      <PlainText text={text} />
      <PlainNotice isWhole />
    </>
  );
}
