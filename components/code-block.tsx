import { Download, WrapText } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { findCodeLanguage } from '@/lib/browser/code-language';
import { saveFile } from '@/lib/browser/save-file';
import { CodeLines } from './code-lines';
import { CopyButton } from './copy-button';
import { IconButton } from './icon-button';

export type CodeBlockProps = {
  /** The word behind the fence. */
  readonly language: string | null;
  /** In groups, each line with its end. Only the last group changes while the block grows. */
  readonly lines: readonly (readonly string[])[];
  readonly isStreaming: boolean;
};

type ShownOtherwise = {
  /** One more button, before the others. */
  readonly action?: ReactNode;
  /** Stands for the code while it is hidden, or below it. */
  readonly children?: ReactNode;
  readonly isCodeHidden?: boolean;
};

/** A block of code with its language and ways to take it along. */
export function CodeBlock({
  language,
  lines,
  isStreaming,
  action,
  children,
  isCodeHidden = false,
}: CodeBlockProps & ShownOtherwise) {
  const [isWrapped, setIsWrapped] = useState(false);
  const readText = useReadText(lines);
  const known = findCodeLanguage(language);
  const download = () => saveFile(`code.${known?.extension ?? 'txt'}`, 'text/plain', `${readText()}\n`);
  return (
    <figure className="code-block relative overflow-hidden rounded-xl border border-line bg-sunken">
      <figcaption className="flex h-9 items-center gap-0.5 ps-4 pe-2 font-sans text-muted text-xs pointer-coarse:h-11">
        <span className="min-w-0 flex-1 truncate">{known?.name ?? language ?? 'Text'}</span>
        {action}
        {!isCodeHidden && (
          <IconButton
            label="Wrap lines"
            icon={WrapText}
            aria-pressed={isWrapped}
            onClick={() => setIsWrapped(!isWrapped)}
          />
        )}
        <IconButton label="Download" icon={Download} onClick={download} />
        <div className="ms-2 shrink-0">
          <CopyButton read={() => ({ text: readText() })} label="Copy code" />
        </div>
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        hidden={isCodeHidden}
        data-wrapped={isWrapped ? '' : undefined}
        className="overflow-x-auto px-4 pb-4 font-mono text-[0.8125rem] leading-relaxed [tab-size:2] data-wrapped:whitespace-pre-wrap"
      >
        <code>
          <CodeLines key={known?.id} language={known?.id} lines={lines} isStreaming={isStreaming} />
        </code>
      </pre>
      {children}
    </figure>
  );
}

/** The code without its last line end, put together when it is asked for: to do so for each word would cost a long block. */
function useReadText(lines: CodeBlockProps['lines']): () => string {
  const latest = useRef(lines);
  useEffect(() => {
    latest.current = lines;
  }, [lines]);
  const [readText] = useState(() => () => latest.current.flat().join('').replace(/\n$/, ''));
  return readText;
}
