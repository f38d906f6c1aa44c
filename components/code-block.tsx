import { Children, isValidElement, type ReactNode } from 'react';
import { CopyButton } from './copy-button';

/** A fenced block of code with its language and a way to take it along. */
export function CodeBlock({ children }: { readonly children?: ReactNode }) {
  const code = Children.toArray(children).find(isValidElement<{ className?: string; children?: ReactNode }>);
  const text = String(code?.props.children ?? '');
  const language = /language-(\S+)/.exec(code?.props.className ?? '')?.[1];
  return (
    <figure className="code-block overflow-hidden rounded-xl border border-line bg-sunken">
      <figcaption className="flex h-9 items-center justify-between ps-4 pe-2 font-sans text-muted text-xs">
        <span>{language ?? 'text'}</span>
        <CopyButton text={text.replace(/\n$/, '')} label="Copy code" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto px-4 pb-4 font-mono text-[0.8125rem] leading-relaxed [tab-size:2]">
        {children}
      </pre>
    </figure>
  );
}
