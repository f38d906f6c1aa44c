import type { Definition, FootnoteDefinition, FootnoteReference, Nodes, Root } from 'mdast';
import { startOf } from './find-cut';
import type { DefinitionKey } from './parse-markdown';

/** The link definitions and footnotes of a document. The first one of a name counts. */
export class Definitions {
  readonly #links = new Map<DefinitionKey, Definition>();
  readonly #footnotes = new Map<DefinitionKey, FootnoteDefinition>();

  has(key: DefinitionKey): boolean {
    return this.#links.has(key) || this.#footnotes.has(key);
  }

  get footnotes(): readonly FootnoteDefinition[] {
    return [...this.#footnotes.values()];
  }

  /** Adds those that begin before an offset, and gives the names that were not known. */
  add(tree: Root, end: number): ReadonlySet<DefinitionKey> {
    const added = new Set<DefinitionKey>();
    for (const node of nodesIn(tree)) {
      if (startOf(node) >= end) continue;
      if (node.type === 'definition') define(this.#links, keyOf(node), node, added);
      if (node.type === 'footnoteDefinition') define(this.#footnotes, keyOf(node), node, added);
    }
    return added;
  }

  /** Those that a tree refers to. */
  usedBy(tree: Nodes): readonly Definition[] {
    const used: Definition[] = [];
    for (const node of nodesIn(tree)) {
      if (node.type !== 'linkReference' && node.type !== 'imageReference') continue;
      const definition = this.#links.get(keyOf(node));
      if (definition) used.push(definition);
    }
    return used;
  }
}

function define<T>(known: Map<DefinitionKey, T>, key: DefinitionKey, node: T, added: Set<DefinitionKey>): void {
  if (known.has(key)) return;
  known.set(key, node);
  added.add(key);
}

function keyOf(node: { readonly type: string; readonly identifier: string }): DefinitionKey {
  return `${node.type.startsWith('footnote') ? '^' : '['}${node.identifier.toUpperCase()}`;
}

/** The references to footnotes in a stretch of a tree, in order. */
export function referencesIn(tree: Root, start: number, end: number): readonly FootnoteReference[] {
  const references: FootnoteReference[] = [];
  for (const node of nodesIn(tree)) {
    if (node.type === 'footnoteReference' && startOf(node) >= start && startOf(node) < end) references.push(node);
  }
  return references;
}

/** All nodes, parents first, in the order of the text. */
function* nodesIn(tree: Nodes): Generator<Nodes> {
  const stack: Nodes[] = [tree];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if ('children' in node) stack.push(...node.children.toReversed());
  }
}
