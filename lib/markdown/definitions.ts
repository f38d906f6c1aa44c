import type { Definition, FootnoteDefinition, FootnoteReference, Nodes, Root } from 'mdast';
import { startOf } from './find-cut';
import type { DefinitionKey } from './parse-markdown';

/** The link definitions and footnotes of a document. The first one of a name counts. */
export class Definitions {
  readonly #links: Known<Definition> = new Map();
  readonly #footnotes: Known<FootnoteDefinition> = new Map();

  has(key: DefinitionKey): boolean {
    return this.#links.has(key) || this.#footnotes.has(key);
  }

  get footnotes(): readonly FootnoteDefinition[] {
    return [...this.#footnotes.values()].map(({ node }) => node);
  }

  /**
   * Adds those that begin before an offset, and gives the names that were not known. One that was parsed again takes its
   * own place: a footnote may refer to what is defined later.
   *
   * @param base where the text of the tree begins in that of the document
   */
  add(tree: Root, end: number, base: number): ReadonlySet<DefinitionKey> {
    const added = new Set<DefinitionKey>();
    for (const node of nodesIn(tree)) {
      if (startOf(node) >= end) continue;
      if (node.type === 'definition') define(this.#links, node, base, added);
      if (node.type === 'footnoteDefinition') define(this.#footnotes, node, base, added);
    }
    return added;
  }

  /** Those that a tree refers to. */
  usedBy(tree: Nodes): readonly Definition[] {
    const used: Definition[] = [];
    for (const node of nodesIn(tree)) {
      if (node.type !== 'linkReference' && node.type !== 'imageReference') continue;
      const definition = this.#links.get(keyOf(node))?.node;
      if (definition) used.push(definition);
    }
    return used;
  }
}

/** With the offset in the document. */
type Known<T> = Map<DefinitionKey, { readonly node: T; readonly offset: number }>;

function define<T extends Definition | FootnoteDefinition>(
  known: Known<T>,
  node: T,
  base: number,
  added: Set<DefinitionKey>,
): void {
  const key = keyOf(node);
  const offset = base + startOf(node);
  const before = known.get(key);
  if (before === undefined || before.offset === offset) known.set(key, { node, offset });
  if (before === undefined) added.add(key);
}

function keyOf(node: { readonly type: string; readonly identifier: string }): DefinitionKey {
  return `${node.type.startsWith('footnote') ? '^' : '['}${node.identifier.toUpperCase()}`;
}

/** The references to footnotes in a stretch of a tree, in order. Those in footnotes count when the footnotes are written. */
export function referencesIn(tree: Root, start: number, end: number): readonly FootnoteReference[] {
  const references: FootnoteReference[] = [];
  for (const node of nodesIn(tree, (parent) => parent.type !== 'footnoteDefinition')) {
    if (node.type === 'footnoteReference' && startOf(node) >= start && startOf(node) < end) references.push(node);
  }
  return references;
}

/** All nodes, parents first, in the order of the text; of some parents the children are left out. */
function* nodesIn(tree: Nodes, isEntered: (parent: Nodes) => boolean = () => true): Generator<Nodes> {
  const stack: Nodes[] = [tree];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if ('children' in node && isEntered(node)) stack.push(...node.children.toReversed());
  }
}
