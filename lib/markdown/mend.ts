import type { Nodes, Root } from 'mdast';
import remend, { type RemendOptions } from 'remend';
import { startOf } from './find-cut';

/** Two rewrite what is complete, and half a formula is left to the parser. */
const OPTIONS: RemendOptions = {
  comparisonOperators: false,
  singleTilde: false,
  katex: false,
  inlineKatex: false,
  linkMode: 'text-only',
};

const TEXTS = ['paragraph', 'heading', 'tableCell'];

/**
 * A text with what is half written in its last line completed for display, so that `**bo` is bold from its first letter and the
 * address of a link is never seen. Null where nothing is to be done.
 */
export function mendEnd(text: string, tree: Root): string | null {
  if (text.endsWith('\n')) return null;
  let last: Nodes | undefined = tree;
  while (last && 'children' in last && !TEXTS.includes(last.type)) last = last.children.at(-1);
  if (!last || !TEXTS.includes(last.type)) return null;
  const start = startOf(last);
  const mended = text.slice(0, start) + remend(text.slice(start), OPTIONS);
  // Complete lines stay as they are: what is settled is cut out of them.
  return mended === text || !mended.startsWith(text.slice(0, text.lastIndexOf('\n') + 1)) ? null : mended;
}
