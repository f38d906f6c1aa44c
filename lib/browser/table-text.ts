import { inOneLine, rowsOf, texOf } from './readable-text';

/** A clean table for a spreadsheet: tabs between cells. One that begins with a quotation mark would be read to the next one. */
export function toTabs(table: HTMLTableElement): string {
  const quoted = (cell: string) => (cell.startsWith('"') ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rowsOf(table)
    .map((cells) => cells.map(quoted).join('\t'))
    .join('\n');
}

/** A clean table as Markdown, with all that its cells hold. */
export function toMarkdownTable(table: HTMLTableElement): string {
  const [head, ...rows] = [...table.rows].map((row) => [...row.cells]);
  if (!head) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const written = (cells: readonly Element[]) => line(cells.map(cellMarkdown));
  return [written(head), line(head.map(ruleOf)), ...rows.map(written)].join('\n');
}

const RULES: Readonly<Record<string, string>> = { left: ':---', center: ':---:', right: '---:' };

const ruleOf = (cell: Element) => RULES[cell.getAttribute('align') ?? ''] ?? '---';

const cellMarkdown = (cell: Element) => inOneLine(markdownIn(cell)).replaceAll('|', '\\|');

const markdownIn = (parent: Element): string => [...parent.childNodes].map(markdownOf).join('');

function markdownOf(node: Node): string {
  if (!(node instanceof Element)) return escaped(node.textContent ?? '');
  if (node.localName === 'code') return codeMarkdown(node.textContent ?? '');
  if (node.localName === 'math') return inOneLine(texOf(node));
  const inside = markdownIn(node);
  if (node instanceof HTMLAnchorElement) return linkMarkdown(node, inside);
  const mark = MARKS[node.localName] ?? '';
  return node.localName === 'sup' ? `[${inside}]` : mark + inside + mark;
}

const MARKS: Readonly<Record<string, string>> = { strong: '**', em: '*', del: '~~' };

/** A link that says where it leads is one by itself. */
function linkMarkdown(link: HTMLAnchorElement, text: string): string {
  const href = link.getAttribute('href') ?? '';
  return link.textContent === href && /^https?:/.test(href) ? href : `[${text}](<${href}>)`;
}

/** Between more backticks than are in it. */
function codeMarkdown(code: string): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(code) ? ' ' : '';
  return fence + pad + code + pad + fence;
}

/** What would be more than itself. A bracket that begins with a backslash begins a formula in many places; the other one has it. */
const escaped = (text: string) =>
  text.replaceAll(/[\\`*\]<~$]|&(?=#?\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&');
