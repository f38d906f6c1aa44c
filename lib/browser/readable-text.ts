import { BLOCKS } from './clean-nodes';

/**
 * Clean nodes as a text to read: formulas as TeX between dollars, lists with their marks, the cells of a table with tabs
 * between them, code as it is.
 */
export function readableText(nodes: readonly Node[]): string {
  return nodes.some(isBlock) ? blocksIn(nodes).join('\n\n') : inlineText(nodes);
}

/** Text that stands in a line, and how each of its elements is written there. */
export function inlineText(nodes: readonly Node[]): string {
  return nodes.map(inline).join('');
}

const isBlock = (node: Node): node is Element => node instanceof Element && BLOCKS.includes(node.localName);

/** Text between blocks is one itself. */
function blocksIn(nodes: readonly Node[]): readonly string[] {
  const blocks: string[] = [];
  let line: Node[] = [];
  const endLine = () => {
    blocks.push(inlineText(line).trim());
    line = [];
  };
  for (const node of nodes) {
    if (!isBlock(node)) {
      line.push(node);
      continue;
    }
    endLine();
    blocks.push(blockText(node));
  }
  endLine();
  return blocks.filter((text) => text !== '');
}

function blockText(block: Element): string {
  if (block.localName === 'pre') return block.textContent ?? '';
  if (block.localName === 'hr') return '---';
  if (block.localName === 'ul' || block.localName === 'ol') return listText(block);
  if (block instanceof HTMLTableElement)
    return rowsOf(block)
      .map((cells) => cells.join('\t'))
      .join('\n');
  const text = blocksIn([...block.childNodes]).join('\n\n');
  return block.localName === 'blockquote' ? text.replaceAll(/^/gm, '> ') : text;
}

/** The texts of its cells: what ends a cell or a row is a space. */
export const rowsOf = (table: HTMLTableElement): readonly (readonly string[])[] =>
  [...table.rows].map((row) => [...row.cells].map((cell) => inOneLine(inlineText([...cell.childNodes]))));

export const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

function listText(list: Element): string {
  const start = list instanceof HTMLOListElement ? list.start : null;
  return [...list.children]
    .map((item, at) => {
      const mark = start === null ? '- ' : `${start + at}. `;
      const gap = [...item.children].some(({ localName }) => localName === 'p') ? '\n\n' : '\n';
      const text = blocksIn([...item.childNodes]).join(gap);
      return mark + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`);
    })
    .join('\n');
}

function inline(node: Node): string {
  if (!(node instanceof Element)) return node.textContent ?? '';
  const inside = inlineText([...node.childNodes]);
  if (node.localName === 'br') return '\n';
  if (node.localName === 'math') return texOf(node);
  // Nothing else is written above the line: the number of a footnote would go on the word before it.
  return node.localName === 'sup' ? `[${inside}]` : inside;
}

/** A formula as it is written in Markdown. */
export function texOf(math: Element): string {
  const tex = (math.getAttribute('alttext') ?? '').trim();
  return math.getAttribute('display') === 'block' ? `\n$$\n${tex}\n$$\n` : `$${tex}$`;
}
