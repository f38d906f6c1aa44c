import type { Element, Properties, Root, RootContent } from 'hast';
import { type Group, Groups } from './groups';

/** Code of a fence or an indented block; each line ends in a line end. */
export type Code = {
  readonly type: 'code';
  /** The first word after the fence; null where there is none. */
  readonly language: string | null;
  readonly lines: readonly Group<string>[];
  /** Whether more lines may come. */
  readonly isOpen: boolean;
};

/** What could not be parsed, as it is written. */
export type Plain = { readonly type: 'plain'; readonly text: string };

/** An element whose children are blocks, and come one after the other. */
export type Branch = {
  readonly type: 'branch';
  readonly tagName: string;
  readonly properties: Properties;
  readonly children: readonly Group<Block>[];
};

/** What an answer is made of. Text stands between blocks (line ends), and in items of a list that is tight. */
export type Block = Branch | Code | Plain | Element | string;

const BRANCHES = ['ul', 'ol', 'li', 'blockquote', 'table', 'tbody', 'section'];
const TABLE_PARTS = ['table', 'tbody'];

export const isBranch = (node: RootContent): node is Element =>
  node.type === 'element' && BRANCHES.includes(node.tagName);

/** The nodes that are drawn; a table has no text between its parts. */
export function drawnChildren(parent: Element | Root): readonly RootContent[] {
  if (parent.type === 'root' || !TABLE_PARTS.includes(parent.tagName)) return parent.children;
  return parent.children.filter((child) => child.type === 'element');
}

/** A sanitized node as blocks. Code that begins at `openCode` is open. */
export function toBlock(node: RootContent, openCode: number | null): Block {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return '';
  const code = codeOf(node);
  if (code) return toCode(code, Groups.of(linesOf(textIn(code))), openCode);
  if (!isBranch(node)) return node;
  const children = Groups.of(drawnChildren(node).map((child) => toBlock(child, openCode))).toGroups();
  return { type: 'branch', tagName: node.tagName, properties: node.properties, children };
}

export function toCode(code: Element, lines: Groups<string>, openCode: number | null): Code {
  const isOpen = openCode !== null && code.position?.start.offset === openCode;
  return { type: 'code', language: languageOf(code), lines: lines.toGroups(), isOpen };
}

/** The code in the element that is drawn for a block of it; else null. */
export function codeOf(node: RootContent): Element | null {
  if (node.type !== 'element' || node.tagName !== 'pre') return null;
  const [code] = node.children;
  return code?.type === 'element' && code.tagName === 'code' ? code : null;
}

function languageOf({ properties }: Element): string | null {
  const classes = Array.isArray(properties.className) ? properties.className : [];
  return /^language-(.+)$/.exec(String(classes[0] ?? ''))?.[1] ?? null;
}

export const textIn = (code: Element): string =>
  code.children.map((child) => (child.type === 'text' ? child.value : '')).join('');

/** Each with its line end. */
export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
