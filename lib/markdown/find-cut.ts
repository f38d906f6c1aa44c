import type { Code, ListItem, Nodes, Root, RootContent, Table } from 'mdast';

/** A container on the way from the root to a cut, as it begins in what is left of the text. */
export type Step = {
  /** Offset of the node in the text that was cut. */
  readonly start: number;
  /** Whether it begins with a stand-in for what came before the cut. */
  readonly hasStandIn: boolean;
  /** Whether it is a list with blank lines between its items, or in them. */
  readonly isLoose: boolean;
};

/** A place before which nothing can change any more, whatever is appended: but for definitions, which see `parseMarkdown`. */
export type Cut = {
  /** Begins a line. */
  readonly offset: number;
  /** Lines that open the containers around the cut, so that what comes after it is parsed as it was. */
  readonly context: string;
  /** The containers around the cut, the outermost first. */
  readonly steps: readonly Step[];
  /** Offset of the first node after the cut; null within code. */
  readonly next: number | null;
  /** How many lines of the innermost container, which is code, come before the cut. */
  readonly codeLines: number;
};

/** What stands for the first part of an item. A heading ends with its line, and lets everything follow. */
const STAND_IN = '# x\n';

/**
 * The last place where a text can be cut. Found in the last block, in the last block in that, and so on: between the items
 * of a list, the rows of a table, the lines of a fence. Quadratic would be to parse an open block again for each append.
 *
 * The last line may still grow, and turn what comes right before it into something else: nothing is cut that needs it.
 */
export function findCut(text: string, tree: Root): Cut | null {
  let best: Cut | null = null;
  let after = 0;
  const way: Nodes[] = [];
  for (let parent: Nodes | undefined = tree; parent; ) {
    if (parent !== tree) way.push(parent);
    const cut = cutIn(parent, way, text);
    if (cut === undefined) break;
    if (cut && cut.offset > after) {
      best = cut;
      after = cut.offset;
    }
    const children: readonly Nodes[] = 'children' in parent ? parent.children : [];
    parent = children.at(-1);
    // What cannot come first cannot do so by what it begins with either.
    if (parent && children.length > 1 && !canComeFirst(parent, children.at(-2), text)) {
      // A block of the root is parsed again by itself.
      if (way.length === 0) break;
      after = Math.max(after, lineStart(text, startOf(parent)));
    }
  }
  return best;
}

const CONTAINERS = ['root', 'list', 'listItem', 'blockquote'];

/** A cut between the children of the last node on the way; null where there is none, undefined where nothing within can be cut. */
function cutIn(parent: Nodes, way: readonly Nodes[], text: string): Cut | null | undefined {
  if (parent.type === 'code') return cutInFence(parent, way, text);
  if (parent.type === 'table') return cutInTable(parent, way, text);
  if (!CONTAINERS.includes(parent.type) || !('children' in parent)) return undefined;
  const context = contextOf(way, text);
  if (!context) return undefined;
  const children: readonly Nodes[] = parent.children;
  // Dropped HTML leaves its line ends, and then their number tells nothing.
  const mayBeBare = parent.type === 'root' && children.every(({ type }) => type !== 'html');
  const index = children.findLastIndex(
    (child, place) =>
      (mayBeBare && isDefinition(child) && isLineComplete(text, startOf(child))) ||
      canComeFirst(child, children[place - 1], text),
  );
  const child = children[index];
  if (!child) return null;
  // Text that an item begins with, or all text in a tight one, is drawn without a paragraph around it.
  if (parent.type === 'listItem' && (index === 0 || (child.type === 'paragraph' && !way.slice(-2).some(isLoose))))
    return null;
  return { offset: lineStart(text, startOf(child)), ...context, next: startOf(child), codeLines: 0 };
}

const VISIBLE = ['paragraph', 'heading', 'thematicBreak', 'blockquote', 'list', 'listItem', 'code', 'table', 'math'];

/** It shows nothing, so that only the root is cut before it: there the line end between blocks can be told from their number. */
export const isDefinition = (node: Nodes): boolean => node.type === 'definition' || node.type === 'footnoteDefinition';

/** Whether a cut can be right before a node: it begins a line of its own, and shows something now and later. */
function canComeFirst(node: Nodes, previous: Nodes | undefined, text: string): boolean {
  const start = startOf(node);
  if (!VISIBLE.includes(node.type) || !beginsLine(text, start)) return false;
  if (isIndentedCode(node, text) || (previous && isIndentedCode(previous, text))) return false;
  // It may become a definition, and then nothing; or the title of the one before it.
  if (node.type === 'paragraph' && text[start] === '[') return false;
  if (previous?.type === 'definition' && ['paragraph', 'table'].includes(node.type)) return false;
  const isDecided = node.type !== 'table' && DECIDED_START.test(text.slice(start));
  if (!isDecided && !isLineComplete(text, decisiveOffset(node, text))) return false;
  return isAfterBlankLine(text, start) || PLAIN_START.test(text.slice(start, lineEnd(text, start)));
}

/** A heading, an item, a quote or a paragraph by its first letter: whatever else it becomes, it begins there. */
const DECIDED_START = /^(?:#{1,6} |(?:[-*+]|\d{1,9}[.)]) {1,3}(?:\[[ x]\] )?|> )?\p{L}/u;

/** In the line that tells what a node is: the first, but for a table the one below its head, and for a heading an underline. */
function decisiveOffset(node: Nodes, text: string): number {
  if (node.type === 'heading') return endOf(node);
  return node.type === 'table' ? lineEnd(text, startOf(node)) : startOf(node);
}

/**
 * Right after another line the parser takes some things for text that begin a block elsewhere, as `0.` or a lone `*`. This
 * begins the same everywhere: no mark of a container, or one with text behind it.
 */
const PLAIN_START = /^(?:(?:[-*+]|\d{1,9}[.)]|>) {1,3})?(?!(?:[-*+]|\d{1,9}[.)])\s|[<>\s])/;

function isAfterBlankLine(text: string, start: number): boolean {
  const line = lineStart(text, start);
  return line === 0 || /^[ >]*\r?\n$/.test(text.slice(lineStart(text, line - 1), line));
}

const isFence = (code: Nodes, text: string) => /^(?:`{3}|~{3})/.test(text.slice(startOf(code), startOf(code) + 3));
const isIndentedCode = (node: Nodes, text: string) => node.type === 'code' && !isFence(node, text);

/** But for indentation and the marks of quotes. A byte order mark would be lost at the beginning of a text. */
function beginsLine(text: string, start: number): boolean {
  const line = lineStart(text, start);
  return /^[ >]*$/.test(text.slice(line, start)) && text.charCodeAt(line) !== 0xfeff;
}

function cutInTable(table: Table, way: readonly Nodes[], text: string): Cut | undefined {
  const [, first] = table.children;
  // What begins like a row stays one.
  const last = table.children.findLast((row) => text[startOf(row)] === '|' || isLineComplete(text, startOf(row)));
  const line = lineStart(text, startOf(table));
  const head = text.slice(line, lineEnd(text, lineEnd(text, line)));
  // The references of the head would be counted twice.
  if (!first || !last || first === last || head.includes('[^') || !beginsLine(text, startOf(last))) return undefined;
  const context = contextOf(way, text, { line, verbatim: head });
  if (!context) return undefined;
  const steps = [...context.steps, { start: startOf(first), hasStandIn: false, isLoose: false }];
  return { offset: lineStart(text, startOf(last)), context: context.context, steps, next: startOf(last), codeLines: 0 };
}

/** After each complete line, but for blank ones: code that is one blank line and code that is none look the same. */
function cutInFence(code: Code, way: readonly Nodes[], text: string): Cut | undefined {
  if (!isFence(code, text)) return undefined;
  const line = lineStart(text, startOf(code));
  const opening = text.slice(line, lineEnd(text, line));
  const lines = text
    .slice(line + opening.length, endOf(code))
    .split('\n')
    .slice(0, -1);
  const codeLines = lines.findLastIndex((each) => /[^ \t>\r]/.test(each));
  if (codeLines <= 0) return undefined;
  const context = contextOf(way, text, { line, verbatim: opening });
  if (!context) return undefined;
  const offset = lines.slice(0, codeLines).reduce((sum, each) => sum + each.length + 1, line + opening.length);
  return { offset, ...context, next: null, codeLines };
}

type ContextLine = { readonly line: number; readonly text: string; readonly item: Nodes | null };

/** The lines that open what is on the way; null where that cannot be told from the lines. */
function contextOf(
  way: readonly Nodes[],
  text: string,
  leaf?: { readonly line: number; readonly verbatim: string },
): { readonly context: string; readonly steps: readonly Step[] } | null {
  const lines: ContextLine[] = [];
  const add = (next: ContextLine) => {
    // What opens in the line of its container opens that too.
    if (lines.at(-1)?.line === next.line) lines.pop();
    lines.push(next);
  };
  for (const item of way) {
    if (item.type !== 'listItem') continue;
    const opening = openingOf(item, text);
    if (!opening) return null;
    add({ line: lineStart(text, startOf(item)), text: opening + STAND_IN, item });
  }
  if (leaf) add({ line: leaf.line, text: leaf.verbatim, item: null });
  const steps = way.map((node) => ({
    start: startOf(node),
    hasStandIn: lines.some(({ item }) => item === node),
    isLoose: isLoose(node),
  }));
  return { context: lines.map((each) => each.text).join(''), steps };
}

/** From the beginning of its line to its content; null where that is measured in tabs, or begins with indented code. */
function openingOf(item: ListItem, text: string): string | null {
  const start = startOf(item);
  const marker = /^(?:[-*+]|\d{1,9}[.)])(?:( {1,4})(?=[^ \t\r\n])|(?=[\r\n]))/.exec(text.slice(start, start + 16));
  const before = text.slice(lineStart(text, start), start);
  if (!marker || before.includes('\t')) return null;
  return before + marker[0] + (marker[1] ? '' : ' ');
}

/** As mdast-util-to-hast has it: one item with a blank line in it makes a paragraph of the text of all. */
export function isLoose(node: Nodes): boolean {
  return node.type === 'list' && (node.spread === true || node.children.some((item) => item.spread === true));
}

export const startOf = (node: RootContent | Nodes): number => node.position?.start.offset ?? 0;
const endOf = (node: Nodes): number => node.position?.end.offset ?? 0;
const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

const isLineComplete = (text: string, offset: number): boolean => text.includes('\n', offset);

/** After the line end; the end of the text where there is none. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
