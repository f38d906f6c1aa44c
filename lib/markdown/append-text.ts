import type { Element, RootContent } from 'hast';
import type { Block } from './block';
import type { Group } from './groups';
import type { MarkdownDocument } from './streamed-document';

/** Letters, digits and spaces: in the middle of a text they are themselves. So is a comma, and a dot that ends a word. */
const INERT = /^(?:[\p{L}\p{N} ,]|(?<=\p{L})\.)+$/u;

/** The one beginning of a link that is made of nothing else. */
const LINK = /www\./i;

/** Long enough to tell whether what is drawn last is what was written last. */
const SEEN_CHARS = 8;

/**
 * The document with some words more at its end, where they can be nothing but words: it need not be parsed for them. Null
 * where that is not sure.
 *
 * @param text what the document was drawn of
 */
export function appendText(document: MarkdownDocument, text: string, delta: string): MarkdownDocument | null {
  if (document.isMended || document.footnotes) return null;
  const written = text.trimEnd();
  const end = written.slice(-SEEN_CHARS);
  const space = text.slice(written.length);
  // With the word that it goes on: what comes first must be as harmless as what follows.
  const words = (/\S+$/.exec(written)?.[0] ?? '') + space + delta;
  if (!INERT.test(words) || LINK.test(words)) return null;
  const blocks = appendToLast(document.blocks, end, space, delta);
  return blocks && { ...document, blocks };
}

function appendToLast(
  groups: readonly Group<Block>[],
  end: string,
  space: string,
  delta: string,
): readonly Group<Block>[] | null {
  const group = groups.at(-1);
  const last = group?.at(-1);
  if (group === undefined || last === undefined) return null;
  const block = appendToBlock(last, end, space, delta);
  return block === null ? null : [...groups.slice(0, -1), [...group.slice(0, -1), block]];
}

function appendToBlock(block: Block, end: string, space: string, delta: string): Block | null {
  if (typeof block === 'string') return joined(block, end, space, delta);
  if (block.type === 'element') return TEXTS.includes(block.tagName) ? appendToElement(block, end, space, delta) : null;
  if (block.type !== 'branch') return null;
  const children = appendToLast(withoutLineEnd(block.children), end, space, delta);
  return children && { ...block, children: withLineEnd(children, block.children) };
}

const TEXTS = ['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

function appendToElement(element: Element, end: string, space: string, delta: string): Element | null {
  const last: RootContent | undefined = element.children.at(-1);
  if (last?.type !== 'text') return null;
  const value = joined(last.value, end, space, delta);
  return value === null ? null : { ...element, children: [...element.children.slice(0, -1), { type: 'text', value }] };
}

/** Space at the end of a text is not drawn until something follows it. */
function joined(value: string, end: string, space: string, delta: string): string | null {
  if (value.endsWith(end + space)) return value + delta;
  return value.endsWith(end) ? value + space + delta : null;
}

/** In lists and quotes a line end follows the last block. */
function withoutLineEnd(groups: readonly Group<Block>[]): readonly Group<Block>[] {
  const group = groups.at(-1);
  if (group?.at(-1) !== '\n') return groups;
  return group.length === 1 ? groups.slice(0, -1) : [...groups.slice(0, -1), group.slice(0, -1)];
}

function withLineEnd(groups: readonly Group<Block>[], before: readonly Group<Block>[]): readonly Group<Block>[] {
  const last = before.at(-1);
  if (last?.at(-1) !== '\n') return groups;
  if (last.length === 1) return [...groups, last];
  return [...groups.slice(0, -1), [...(groups.at(-1) ?? []), '\n']];
}
