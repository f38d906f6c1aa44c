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

/** What a line may have before its text: the marks of quotes, items, tasks and headings. */
const MARKERS = /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?:\[[ x]\] |#{1,6} )?/;

/** A line of text or of a table. Any other may become another block by what is appended to it, and is not guessed. */
const TEXT_LINE = /^(?:\||(?:\*{1,2}|_{1,2}|~~|`)?\p{L})/u;

/**
 * Completes for display what is half written in the last line of a text, so that `**bo` is bold from its first letter and the
 * address of a link is never seen. What is half written shows when the text has been parsed; as to parse it again takes as long
 * as the first time, it is guessed before, by what came last.
 */
export class Mender {
  /** Where the last text began, and where the document ended then; null where it ended otherwise. */
  #last: { readonly start: number; readonly end: number } | null = null;

  /** @param base where the text begins in the document */
  guess(text: string, base: number): string {
    const start = startOfLastLine(text);
    if (!this.#last || !TEXT_LINE.test(text.slice(start))) return text;
    const isSameLine = text.indexOf('\n', this.#last.end - base) < 0;
    return mendFrom(text, isSameLine ? this.#last.start - base : start);
  }

  /** @param tree of the text, or of what was guessed */
  mend(text: string, base: number, tree: Root): string {
    const start = findLastText(tree);
    this.#last = start === null ? null : { start: base + start, end: base + text.length };
    return start === null ? text : mendFrom(text, start);
  }
}

function mendFrom(text: string, start: number): string {
  if (text.endsWith('\n')) return text;
  const mended = text.slice(0, start) + remend(text.slice(start), OPTIONS);
  // Complete lines stay as they are: what is settled is cut out of them.
  return mended.startsWith(text.slice(0, text.lastIndexOf('\n') + 1)) ? mended : text;
}

function findLastText(tree: Root): number | null {
  let last: Nodes | undefined = tree;
  while (last && 'children' in last && !TEXTS.includes(last.type)) last = last.children.at(-1);
  return last && TEXTS.includes(last.type) ? startOf(last) : null;
}

function startOfLastLine(text: string): number {
  const line = text.lastIndexOf('\n') + 1;
  return line + (MARKERS.exec(text.slice(line))?.[0].length ?? 0);
}
