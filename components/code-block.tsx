import { memo } from 'react';
import type { Group } from '@/lib/markdown/groups';
import { CopyButton } from './copy-button';

type CodeBlockProps = { readonly language: string | null; readonly lines: readonly Group<string>[] };

/** A fenced block of code with its language and a way to take it along. */
export function CodeBlock({ language, lines }: CodeBlockProps) {
  return (
    <figure className="code-block overflow-hidden rounded-xl border border-line bg-sunken">
      <figcaption className="flex h-9 items-center justify-between ps-4 pe-2 font-sans text-muted text-xs">
        <span>{language ?? 'text'}</span>
        <CopyButton text={lines.flat().join('').replace(/\n$/, '')} label="Copy code" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto px-4 pb-4 font-mono text-[0.8125rem] leading-relaxed [tab-size:2]">
        <code>
          {lines.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines only come at the end
            <Lines key={index} group={group} />
          ))}
        </code>
      </pre>
    </figure>
  );
}

const Lines = memo(function Lines({ group }: { readonly group: Group<string> }) {
  return group.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    <Line key={index} line={line} />
  ));
});

const Line = memo(function Line({ line }: { readonly line: string }) {
  return <span className="block">{line}</span>;
});
