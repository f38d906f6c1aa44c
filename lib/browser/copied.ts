import { clean, cleanChildren, cleanCode, OURS, verbatim, WHOLE } from './clean-nodes';
import type { Copied, CopiedRichly } from './copy';
import { readableText } from './readable-text';
import { toMarkdownTable, toTabs } from './table-text';

/** A drawn answer as HTML for other programs. */
export function copiedHtml(answer: Element): string {
  return htmlOf(cleanChildren(answer, null));
}

/** A drawn table, for spreadsheets and word processors. */
export function copiedTable(table: HTMLTableElement): Copied {
  const copy = cleanTable(table);
  return { text: toTabs(copy), html: copy.outerHTML };
}

/** A drawn table as it is written in Markdown. */
export function copiedMarkdownTable(table: HTMLTableElement): Copied {
  return { text: toMarkdownTable(cleanTable(table)) };
}

/**
 * What is selected of a thread. Null where that is nothing that somebody said: then it is left to the browser. Where the
 * selection goes on beyond the thread, its part in the thread counts: around it there are only controls.
 */
export function copiedSelection(selection: Selection, thread: Element): CopiedRichly | null {
  const parts: CopiedRichly[] = [];
  for (let at = 0; at < selection.rangeCount; at += 1) {
    const range = clip(selection.getRangeAt(at), thread);
    const part = range && copiedRange(range);
    if (part?.html) parts.push(part);
  }
  if (parts.length === 0) return null;
  return { text: parts.map(({ text }) => text).join('\n'), html: parts.map(({ html }) => html).join('') };
}

function clip(range: Range, thread: Element): Range | null {
  if (!range.intersectsNode(thread)) return null;
  const clipped = range.cloneRange();
  if (!thread.contains(range.startContainer)) clipped.setStart(thread, 0);
  if (!thread.contains(range.endContainer)) clipped.setEnd(thread, thread.childNodes.length);
  return clipped;
}

/** What goes with any part of it. A few words of a paragraph or an item are only these words. */
const AROUND_PARTS = 'strong,em,del,code,sup,a,ul,ol,table,thead,tbody,tr';

function copiedRange(range: Range): CopiedRichly | null {
  const { commonAncestorContainer: common } = range;
  let root = common instanceof Element ? common : common.parentElement;
  root = root?.closest(WHOLE)?.parentElement ?? root;
  if (!root || root.closest(OURS)) return null;
  const pre = root.closest('pre');
  if (pre) return { text: verbatim(pre, range), html: htmlOf(cleanCode(pre, range)) };
  while (root.parentElement && root.matches(AROUND_PARTS)) root = root.parentElement;
  const nodes = cleanChildren(root, range);
  return { text: readableText(nodes), html: htmlOf(nodes) };
}

function cleanTable(table: HTMLTableElement): HTMLTableElement {
  const [copy] = clean(table, null);
  if (!(copy instanceof HTMLTableElement)) throw new Error('a table has become something else');
  return copy;
}

function htmlOf(nodes: readonly Node[]): string {
  const holder = document.createElement('div');
  holder.append(...nodes);
  return holder.innerHTML;
}
