import { Workflow } from 'lucide-react';
import { use, useState } from 'react';
import { MAX_DIAGRAM_CHARS } from '@/lib/browser/diagram-config';
import type { Drawn } from '@/lib/browser/diagram-message';
import { sentenceOf } from '@/lib/browser/diagram-problem';
import type { DiagramEnd } from '@/lib/browser/diagram-session';
import { AnswerIsWhole } from './answer-is-whole';
import { CodeBlock, type CodeBlockProps } from './code-block';
import { Diagram } from './diagram';

type View =
  | { readonly name: 'code'; readonly problem?: string }
  | { readonly name: 'drawing' }
  | { readonly name: 'diagram'; readonly drawn: Drawn };

/** To those who do not see it. */
const SAID = { code: '', drawing: 'The diagram is being drawn.', diagram: 'The diagram is shown.' } as const;
const BUTTON = { code: 'Show diagram', drawing: 'Drawing…', diagram: 'Show code' } as const;

/** Code that is drawn when its reader wants to see it, and is there again at any time. */
export function DiagramBlock(props: CodeBlockProps) {
  const isWhole = use(AnswerIsWhole);
  const [view, setView] = useState<View>({ name: 'code' });
  if (!isWhole) return <CodeBlock {...props} />;

  const text = props.lines.flat().join('');
  const problem = view.name === 'code' ? view.problem : undefined;
  const drawn = view.name === 'diagram' ? view.drawn : null;

  function toggle() {
    if (view.name !== 'code') setView({ name: 'code' });
    else if (text.length > MAX_DIAGRAM_CHARS) setView({ name: 'code', problem: sentenceOf('too-large') });
    else setView({ name: 'drawing' });
  }

  function end(news: DiagramEnd) {
    if (news.type === 'drawn') setView({ name: 'diagram', drawn: news });
    else setView({ name: 'code', problem: sentenceOf(news.problem, news.line) });
  }

  return (
    <CodeBlock
      {...props}
      isCodeHidden={drawn !== null}
      action={
        <button
          type="button"
          data-opens=""
          onClick={toggle}
          className="flex h-8 shrink-0 items-center gap-1.5 rounded-md px-2 transition-colors hover:text-ink pointer-coarse:h-11"
        >
          <Workflow aria-hidden="true" className="size-3.5" strokeWidth={1.75} />
          {BUTTON[view.name]}
        </button>
      }
    >
      {view.name !== 'code' && <Diagram text={text} drawn={drawn} onEnd={end} />}
      <span aria-live="polite" className="sr-only">
        {SAID[view.name]}
      </span>
      <div aria-live="polite" className="px-4 font-sans text-sm text-warning not-empty:pb-3">
        {problem}
      </div>
    </CodeBlock>
  );
}
