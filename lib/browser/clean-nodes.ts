import { cleanFormula } from './clean-formula';

/** What means the same in any program. Anything else only holds these. */
const KEPT =
  'h1,h2,h3,h4,h5,h6,p,ul,ol,li,blockquote,hr,br,table,thead,tbody,tr,th,td,strong,em,del,sup,sub,code,a'.split(',');

/** Between these a line end is no space. */
export const BLOCKS = 'h1,h2,h3,h4,h5,h6,p,ul,ol,li,blockquote,hr,table,thead,tbody,tr,th,td,pre'.split(',');

/** What the page adds to a text: none of it was said by anybody. */
export const OURS = 'button,footer,figcaption,iframe,svg,[hidden],[aria-hidden="true"],.sr-only,[data-uncopied]';

/** What is one thing, however much of it is selected. */
export const WHOLE = '.katex,[data-image]';

/** Where each space and line end is to be seen. */
const PREFORMATTED = '.whitespace-pre-wrap';

/**
 * What is drawn, or the part of it in a range, as new nodes that every program understands: no class, id, script or button,
 * and no attribute that is not named here. Formulas are MathML, boxes to tick are characters, images are links.
 */
export function clean(node: Node, range: Range | null): readonly Node[] {
  if (range && !range.intersectsNode(node)) return [];
  if (node instanceof Text) return cleanText(node, range);
  if (!(node instanceof Element)) return [];
  if (node.matches(WHOLE)) return node.matches('.katex') ? cleanFormula(node) : [cleanImage(node)];
  // Hidden behind the diagram that it is drawn as, too.
  if (node.localName === 'pre') return cleanCode(node, range);
  if (node.matches(OURS)) return [];
  if (node instanceof HTMLInputElement) return [new Text(node.checked ? '☑' : '☐')];
  if (node.localName === 'ol' || node.localName === 'ul') return cleanList(node, range);
  if (node instanceof HTMLTableRowElement) return cleanRow(node, range);
  const children = cleanChildren(node, range);
  if (node instanceof HTMLAnchorElement) return cleanLink(node, children);
  if (!KEPT.includes(node.localName)) return children;
  const isEmpty = children.length === 0 && !node.matches('hr, br, th, td');
  return isEmpty ? [] : [cleanElement(node, children)];
}

export function cleanChildren(parent: Node, range: Range | null): readonly Node[] {
  return [...parent.childNodes].flatMap((child) => clean(child, range));
}

/** A new element in the place of this one, around what its content has become. */
function cleanElement(element: Element, children: readonly Node[]): Element {
  const copy = document.createElement(element.localName);
  copy.append(...children);
  if (copy instanceof HTMLTableElement) outline(copy);
  if (element.matches('th, td') && element instanceof HTMLElement && element.style.textAlign) {
    copy.setAttribute('align', element.style.textAlign);
  }
  if (copy.localName === 'p' && element.matches(PREFORMATTED)) copy.style.whiteSpace = 'pre-wrap';
  return copy;
}

/** A list counts on from its first item that is there. */
function cleanList(list: Element, range: Range | null): readonly Node[] {
  const parts = [...list.children].map((item) => clean(item, range));
  const before = parts.findIndex(({ length }) => length > 0);
  if (before < 0) return [];
  const copy = cleanElement(list, parts.flat());
  const start = before + (list instanceof HTMLOListElement ? list.start : 1);
  if (list instanceof HTMLOListElement && start !== 1) copy.setAttribute('start', String(start));
  return [copy];
}

/** A block of code without its colours. */
export function cleanCode(pre: Element, range: Range | null): readonly Node[] {
  const text = verbatim(pre, range);
  if (text === '') return [];
  const code = document.createElement('code');
  code.append(text.replace(/\n$/, ''));
  const copy = document.createElement('pre');
  copy.append(code);
  return [copy];
}

/** The text of a node as it stands there, or the part of it in a range. */
export function verbatim(node: Node, range: Range | null): string {
  if (range && !range.intersectsNode(node)) return '';
  if (!(node instanceof Text)) return [...node.childNodes].map((child) => verbatim(child, range)).join('');
  const start = node === range?.startContainer ? range.startOffset : 0;
  const end = node === range?.endContainer ? range.endOffset : node.length;
  return node.data.slice(start, end);
}

function cleanText(node: Text, range: Range | null): readonly Node[] {
  const text = verbatim(node, range);
  if (text === '') return [];
  if (node.parentElement?.closest(PREFORMATTED)) return lines(text);
  if (text.trim() === '' && (node.parentElement?.matches(HOLDERS) || node.previousSibling === null)) return [];
  const words = text.replaceAll(/[\t\n\r ]+/g, ' ');
  const start = endsLine(node.previousSibling) && words.startsWith(' ') ? 1 : 0;
  const end = endsLine(node.nextSibling) && words.endsWith(' ') ? -1 : words.length;
  return words.slice(start, end) === '' ? [] : [new Text(words.slice(start, end))];
}

/** These hold blocks alone. */
const HOLDERS = 'div,article,section,figure,blockquote,table,thead,tbody';

const endsLine = (node: Node | null) =>
  node instanceof Element && (BLOCKS.includes(node.localName) || node.matches(`br,${HOLDERS}`));

function lines(text: string): readonly Node[] {
  return text.split('\n').flatMap((line, at) => {
    const words = line === '' ? [] : [new Text(line)];
    return at === 0 ? words : [document.createElement('br'), ...words];
  });
}

/** Where a range goes on in other rows, cells out of it are empty, so that those of each row stay in their columns. */
function cleanRow(row: HTMLTableRowElement, range: Range | null): readonly Node[] {
  const isAround = range !== null && row.contains(range.commonAncestorContainer);
  const cells = isAround
    ? cleanChildren(row, range)
    : [...row.cells].map((cell) => cleanElement(cell, cleanChildren(cell, range)));
  const isEmpty = range !== null && cells.every((cell) => cell.childNodes.length === 0);
  return isEmpty ? [] : [cleanElement(row, cells)];
}

const FOLLOWED = /^(?:https?|mailto|ircs?|xmpp):/;

function cleanLink(link: HTMLAnchorElement, children: readonly Node[]): readonly Node[] {
  // Within the answer. What has a name of its own is the way back from a footnote.
  if (link.getAttribute('href')?.startsWith('#')) return link.hasAttribute('aria-label') ? [] : children;
  return children.length > 0 && FOLLOWED.test(link.href) ? [linkTo(link.href, children)] : children;
}

function cleanImage(image: Element): Element {
  return linkTo(image.getAttribute('data-image') ?? '', [new Text(image.getAttribute('data-alt') || 'Image')]);
}

function linkTo(href: string, children: readonly Node[]): Element {
  const link = document.createElement('a');
  link.href = href;
  link.append(...children);
  return link;
}

/** Borders that old programs know too. */
function outline(table: HTMLTableElement): void {
  table.setAttribute('border', '1');
  table.setAttribute('cellpadding', '5');
  table.setAttribute('cellspacing', '0');
  table.style.borderCollapse = 'collapse';
}
