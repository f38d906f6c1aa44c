import type { Root as SafeRoot } from 'hast';
import { defaultSchema, type Schema, sanitize } from 'hast-util-sanitize';
import type { Definition, FootnoteDefinition, FootnoteReference, Root } from 'mdast';
import { toHast } from 'mdast-util-to-hast';

/** What a text needs to know of the rest of its document. */
export type Surroundings = {
  /** Sets the footnotes of this document apart from those of others on the page. */
  readonly prefix: string;
  readonly definitions: readonly Definition[];
  /** Those that come before the text, in order: they count. */
  readonly footnotesBefore: readonly FootnoteReference[];
};

/**
 * The elements that a parsed text is shown as, sanitized: no raw HTML, no URL but of known schemes, no id or class that is not
 * ours. Without the footnotes themselves, which belong to the end of the document.
 */
export function toSafeTree(tree: Root, { prefix, definitions, footnotesBefore }: Surroundings): SafeRoot {
  const before: Root['children'] = [...definitions];
  if (footnotesBefore.length > 0) before.push({ type: 'paragraph', children: [...footnotesBefore] });
  const root = toSafeRoot({ type: 'root', children: [...before, ...tree.children] }, prefix);
  // The paragraph of those before, and the line end after it.
  if (footnotesBefore.length > 0) root.children.splice(0, 2);
  if (isFootnotes(root.children.at(-1))) root.children.splice(-2);
  return root;
}

/** The footnotes of a document, in the order in which they are referred to; null where there are none. */
export function toSafeFootnotes(
  references: readonly FootnoteReference[],
  footnotes: readonly FootnoteDefinition[],
  { prefix, definitions }: Omit<Surroundings, 'footnotesBefore'>,
) {
  if (references.length === 0 || footnotes.length === 0) return null;
  const paragraph: Root['children'][number] = { type: 'paragraph', children: [...references] };
  const root = toSafeRoot({ type: 'root', children: [...definitions, paragraph, ...footnotes] }, prefix);
  const last = root.children.at(-1);
  return isFootnotes(last) ? last : null;
}

// Ids come from footnotes alone and have our prefix already; a second one would break the links between them.
const SCHEMA: Schema = { ...defaultSchema, clobberPrefix: '' };

/** Raw HTML is dropped by the sanitizer and not before, for the line ends around it stay. */
function toSafeRoot(tree: Root, prefix: string): SafeRoot {
  const safe = sanitize(toHast(tree, { clobberPrefix: prefix, allowDangerousHtml: true }), SCHEMA);
  if (safe.type !== 'root') throw new Error('a document without a root');
  return safe;
}

function isFootnotes(node: SafeRoot['children'][number] | undefined) {
  return node?.type === 'element' && node.tagName === 'section';
}
