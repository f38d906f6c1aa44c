import type { Element, ElementContent, Properties, RootContent, Root as SafeRoot } from 'hast';
import type { Nodes, Root } from 'mdast';
import { type Block, codeOf, drawnChildren, isBranch, linesOf, textIn, toBlock, toCode } from './block';
import { type Cut, isLoose } from './find-cut';
import { Groups } from './groups';

/** A container that is still open: the document, a list, an item, a fence … Each is the last child of the one before it. */
export type Level = {
  /** What can change no more. */
  readonly settled: Groups<Block>;
  /** Where it is code. */
  readonly lines: Groups<string>;
  readonly properties: Properties;
  /** Whether a stand-in takes its place in the text that is parsed. */
  readonly hasStandIn: boolean;
  readonly isLoose: boolean;
};

const NOTHING: Groups<Block> = Groups.of([]);
const NO_LINES: Groups<string> = Groups.of([]);

export const EMPTY_ROOT: Level = {
  settled: NOTHING,
  lines: NO_LINES,
  properties: {},
  hasStandIn: false,
  isLoose: false,
};

/** Puts what is settled before what was parsed of the rest, and settles what comes before a cut. */
export class OpenBlocks {
  readonly #next: Level[] = [];

  constructor(
    private readonly levels: readonly Level[],
    private readonly cut: Cut | null,
    private readonly openCode: number | null = null,
  ) {}

  /** What is open after the cut. */
  get next(): readonly Level[] {
    return this.#next;
  }

  join(rest: SafeRoot): Groups<Block> {
    return this.#join(rest, 0, true, this.cut !== null).children;
  }

  #join(parent: Element | SafeRoot, depth: number, isOpen: boolean, isCut: boolean) {
    const level = isOpen ? this.levels[depth] : undefined;
    const nodes = level ? withoutStandIns(parent, level) : drawnChildren(parent);
    const open = isOpen && this.levels[depth + 1] ? nodes.findIndex((node) => node.type === 'element') : -1;
    const from = isCut ? this.#firstAfterCut(nodes, depth) : 0;
    const blockOf = (index: number) => {
      const isChildOpen = index === open;
      const isChildCut = isCut && index === from && depth < (this.cut?.steps.length ?? 0);
      return this.#toBlock(nodes[index] ?? LINE_END, depth + 1, isChildOpen, isChildCut);
    };
    const indexes = [...nodes.keys()];
    let children = (level?.settled ?? NOTHING).append(indexes.slice(0, from).map(blockOf));
    // Something will be drawn after it; where it turns out that nothing is, the document ends without it.
    if (isCut && depth === 0 && from === nodes.length && !children.isEmpty && children.last !== '\n') {
      children = children.append(['\n']);
    }
    const properties = propertiesOf(parent, level);
    if (isCut) this.#open(depth, children, properties);
    children = children.append(indexes.slice(from).map(blockOf));
    return { children, properties };
  }

  #toBlock(node: RootContent, depth: number, isOpen: boolean, isCut: boolean): Block {
    if (!isOpen && !isCut) return toBlock(node, this.openCode);
    const code = codeOf(node);
    if (code) {
      const lines = linesOf(textIn(code));
      const settled = (isOpen && this.levels[depth]?.lines) || NO_LINES;
      if (isCut) this.#open(depth, NOTHING, {}, settled.append(lines.slice(0, this.cut?.codeLines)));
      return toCode(code, settled.append(lines), this.openCode);
    }
    if (!isBranch(node)) return toBlock(node, this.openCode);
    const { children, properties } = this.#join(node, depth, isOpen, isCut);
    return { type: 'branch', tagName: node.tagName, properties, children: children.toGroups() };
  }

  #open(depth: number, settled: Groups<Block>, properties: Properties, lines = NO_LINES): void {
    const step = this.cut?.steps[depth - 1];
    const hasStandIn = step?.hasStandIn ?? false;
    this.#next.push({ settled, lines, properties, hasStandIn, isLoose: step?.isLoose ?? false });
  }

  /** All come before a cut where nothing is drawn after it. */
  #firstAfterCut(nodes: readonly RootContent[], depth: number): number {
    const start = this.cut?.steps[depth]?.start ?? this.cut?.next ?? Number.POSITIVE_INFINITY;
    const index = nodes.findIndex((node) => (node.position?.start.offset ?? -1) >= start);
    return index < 0 ? nodes.length : index;
  }
}

const LINE_END: ElementContent = { type: 'text', value: '\n' };

const isLineEnd = (node: RootContent | undefined) => node?.type === 'text' && node.value === '\n';

/** What was parsed of an open container, but for what is there only to open it, or is settled already. */
function withoutStandIns(parent: Element | SafeRoot, { settled, hasStandIn }: Level): readonly RootContent[] {
  const nodes = drawnChildren(parent);
  const isTable = parent.type === 'element' && parent.tagName === 'table';
  let first = 0;
  if (hasStandIn || (isTable && !settled.isEmpty)) first = nodes.findIndex((node) => node.type === 'element') + 1;
  return parent.type !== 'root' && isLineEnd(nodes[first]) && !settled.isEmpty
    ? nodes.slice(first + 1)
    : nodes.slice(first);
}

/** A list begins to count where it began, and is one of tasks from the first that it has. */
function propertiesOf(parent: Element | SafeRoot, level: Level | undefined): Properties {
  if (parent.type === 'root') return {};
  if (!level) return parent.properties;
  const { className } = parent.properties;
  return { ...(className ? { className } : {}), ...level.properties };
}

/**
 * Lets the open lists be as loose as they are known to be, and tells whether one of them has turned out to be loose: it has
 * to be parsed again as a whole.
 */
export function keepLooseness(tree: Root, levels: readonly Level[]): boolean {
  let hasTurned = false;
  let node: Nodes | undefined = tree;
  for (let depth = 1; depth < levels.length && node && 'children' in node; depth += 1) {
    const children: readonly Nodes[] = node.children;
    node = children[levels[depth - 1]?.hasStandIn ? 1 : 0];
    if (node?.type !== 'list') continue;
    const wasLoose = levels[depth]?.isLoose ?? false;
    hasTurned ||= isLoose(node) && !wasLoose;
    node.spread = wasLoose;
    if (!wasLoose) for (const item of node.children) item.spread = false;
  }
  return hasTurned;
}

/** Whether a cut is in a list that is loose and was not known to be. */
export function isLooseAnew({ steps }: Cut, levels: readonly Level[]): boolean {
  // Where the cut is in another block than before, nothing is known.
  const isKnown = steps[0]?.start === 0;
  return steps.some((step, depth) => step.isLoose && !(isKnown && levels[depth + 1]?.isLoose));
}
