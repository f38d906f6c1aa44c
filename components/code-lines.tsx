import { memo, useSyncExternalStore } from 'react';
import type { CodeColouring } from '@/lib/browser/code-colouring';
import { type LineColours, partsOf } from '@/lib/browser/code-colours';
import type { LanguageId } from '@/lib/browser/code-language';
import { useCodeColouring } from './use-code-colouring';

type CodeLinesProps = {
  readonly language: LanguageId | undefined;
  readonly lines: readonly (readonly string[])[];
  readonly isStreaming: boolean;
};

/** The lines of a block, coloured as time allows. Another language is another element: give it its own key. */
export function CodeLines({ language, lines, isStreaming }: CodeLinesProps) {
  const colouring = useCodeColouring(language, lines, isStreaming);
  return lines.map((group, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
    <LineGroup key={at} at={at} lines={group} colouring={colouring} />
  ));
}

type LineGroupProps = {
  readonly at: number;
  readonly lines: readonly string[];
  readonly colouring: CodeColouring | null;
};

const NONE: readonly LineColours[] = [];
const never = () => () => {};

/** Some lines that React looks at together, so that a line more costs the same however many there are. */
const LineGroup = memo(function LineGroup({ at, lines, colouring }: LineGroupProps) {
  const readColours = () => colouring?.of(at) ?? NONE;
  const colours = useSyncExternalStore(colouring?.subscribe ?? never, readColours, readColours);
  return (
    <span className="line-group">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
        <CodeLine key={index} text={line} colours={colours[index]} />
      ))}
    </span>
  );
});

type CodeLineProps = { readonly text: string; readonly colours: LineColours | undefined };

const CodeLine = memo(function CodeLine({ text, colours }: CodeLineProps) {
  return <span className="line">{colours ? <Parts text={text} colours={colours} /> : text}</span>;
});

function Parts({ text, colours }: { readonly text: string; readonly colours: LineColours }) {
  return partsOf(text, colours).map((part, at) =>
    part.kind === 'text' ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never move
      <span key={at} className={`token-${part.kind}`}>
        {part.text}
      </span>
    ),
  );
}
