import type { ComponentProps, ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './code-block';

export type MarkdownProps = {
  readonly text: string;
  /** Sets the footnotes of this answer apart from those of the others on the page. */
  readonly id: string;
};

/**
 * Renders sanitized Markdown. Raw HTML is dropped, links open elsewhere, and images are links: showing an answer asks no
 * other server for anything.
 */
export default function Markdown({ text, id }: MarkdownProps) {
  return (
    <ReactMarkdown
      remarkPlugins={REMARK_PLUGINS}
      rehypePlugins={REHYPE_PLUGINS}
      remarkRehypeOptions={{ clobberPrefix: `answer-${id}-` }}
      components={COMPONENTS}
    >
      {text}
    </ReactMarkdown>
  );
}

const REMARK_PLUGINS = [remarkGfm];
// Ids come from footnotes alone and have our prefix already; a second one would break the links between them.
const SCHEMA = { ...defaultSchema, clobberPrefix: '' };
const REHYPE_PLUGINS: ComponentProps<typeof ReactMarkdown>['rehypePlugins'] = [[rehypeSanitize, SCHEMA]];

const COMPONENTS: Components = {
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  img: ({ src, alt }) => <Link href={typeof src === 'string' ? src : undefined}>Image: {alt || 'no description'}</Link>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <figure className="table-scroll" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </figure>
  ),
  pre: CodeBlock,
  input: ({ node: _, ...props }: ComponentProps<'input'> & { node?: unknown }) => (
    <input {...props} aria-label={props.checked ? 'Done' : 'To do'} />
  ),
};

function Link({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  const isOnPage = href?.startsWith('#');
  return (
    <a href={href} {...(!isOnPage && { target: '_blank', rel: 'noopener noreferrer' })}>
      {children}
    </a>
  );
}
