import { type ComponentProps, type ReactNode, useState } from 'react';
import renderMarkdown, { type Components, type Options } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './code-block';
import { isHostileMarkdown } from './hostile-markdown';
import { PlainText } from './plain-text';
import { RenderBudget } from './render-budget';

export type MarkdownProps = {
  readonly text: string;
  /** Sets the footnotes of this answer apart from those of the others on the page. */
  readonly id: string;
};

/**
 * Renders sanitized Markdown. Raw HTML is dropped, links open elsewhere, and images are links: showing an answer asks no
 * other server for anything. A text that is too deep or too slow to draw is shown as it is.
 */
export default function Markdown({ text, id }: MarkdownProps) {
  const [budget] = useState(() => new RenderBudget());
  const drawn = isHostileMarkdown(text) ? null : budget.render(text, (part) => draw(part, id));
  return drawn ?? <PlainText text={text} isFallback />;
}

/** Called, not rendered, so that its time can be measured and its failure caught. */
function draw(text: string, id: string): ReactNode {
  return renderMarkdown({
    children: text,
    remarkPlugins: REMARK_PLUGINS,
    rehypePlugins: REHYPE_PLUGINS,
    remarkRehypeOptions: { clobberPrefix: `answer-${id}-` },
    components: COMPONENTS,
  });
}

const SAMPLE =
  '# A\n\n*b* **c** `d` [e](https://example.com)\n\n- f\n\n1. g\n\n> h\n\n```js\ni\n```\n\n| j |\n|---|\n| k |\n';

/** Draws a text that nobody sees: the first one of a page takes several times as long, for its code is compiled then. */
export function warmUp(): void {
  draw(SAMPLE, 'sample');
}

/** What people write nests ten or twenty deep. Layout and everything that recurses over the tree fails at some hundreds. */
const MAX_DEPTH = 100;

type TreeNode = { readonly children?: readonly TreeNode[] };

/** A plugin that refuses a tree of more levels. Itself it does not recurse. */
function refuseDepth() {
  return (root: TreeNode) => {
    let level: readonly TreeNode[] = [root];
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth > MAX_DEPTH) throw new Error(`more than ${MAX_DEPTH} levels`);
      level = level.flatMap((node) => node.children ?? []);
    }
  };
}

const REMARK_PLUGINS = [remarkGfm];
// Ids come from footnotes alone and have our prefix already; a second one would break the links between them.
const SCHEMA = { ...defaultSchema, clobberPrefix: '' };
const REHYPE_PLUGINS: Options['rehypePlugins'] = [refuseDepth, [rehypeSanitize, SCHEMA]];

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
