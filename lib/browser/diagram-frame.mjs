// @ts-check
/** @import { DiagramNews, DiagramOrder, DiagramProblem } from './diagram-message' */

// The script of the page in a frame that draws diagrams. It is served as it is written, and has no part in our bundles.

/** As small as words can be and still be read; what is wider then scrolls. */
const LEAST_SCALE = 0.6;
/** Between words and what is behind them, by WCAG; for less, large letters are too thin. */
const LEAST_CONTRAST = 3;
const TITLE_WORDS = 4;

const place = /** @type {HTMLElement} */ (document.getElementById('drawing') ?? document.body);
/** @type {{ readonly svg: SVGSVGElement, readonly width: number, readonly height: number, readonly title: string } | null} */
let drawing = null;
let count = 0;

/** @param {MessageEvent} event the page around the frame speaks once, and gives a port for everything else */
function begin({ source, ports: [port] }) {
  if (source !== parent || !port) return;
  removeEventListener('message', begin);
  /** @param {DiagramNews} news */
  const tell = (news) => port.postMessage(news);
  /** @type {Promise<void>} */
  let turn = Promise.resolve();
  port.onmessage = ({ data }) => {
    turn = turn.then(() => draw(data, tell));
  };
  addEventListener('resize', () => drawing && tell(measure(drawing)));
  tell({ type: 'begun' });
}
addEventListener('message', begin);

/**
 * @param {DiagramOrder} order
 * @param {(news: DiagramNews) => void} tell
 */
async function draw({ text, config }, tell) {
  try {
    const { default: mermaid } = await import('mermaid');
    mermaid.initialize(config);
    // Fetches what this kind of diagram needs.
    await mermaid.parse(text);
    tell({ type: 'loaded' });
    count += 1;
    const { svg } = await mermaid.render(`drawing-${count}`, text);
    document.documentElement.style.colorScheme = config.darkMode ? 'dark' : 'light';
    drawing = show(svg);
    tell(measure(drawing));
  } catch (error) {
    tell({ type: 'failed', ...explain(error, text) });
  }
}

/** @param {string} source */
function show(source) {
  const template = document.createElement('template');
  template.innerHTML = source;
  const svg = /** @type {SVGSVGElement} */ (template.content.querySelector('svg'));
  for (const element of svg.querySelectorAll('*')) disarm(element);
  place.replaceChildren(svg);
  const { width, height } = svg.viewBox.baseVal?.width ? svg.viewBox.baseVal : svg.getBoundingClientRect();
  svg.style.maxWidth = 'none';
  svg.style.width = `max(min(100%, ${width}px), ${width * LEAST_SCALE}px)`;
  svg.style.height = 'auto';
  for (const node of svg.querySelectorAll('.node')) makeReadable(node);
  const title = titleOf(svg);
  place.setAttribute('aria-label', title || 'Diagram');
  return { svg, width, height, title };
}

/** Nothing in a drawing leads elsewhere: the frame must stay what it is. @param {Element} element */
function disarm(element) {
  for (const name of ['href', 'xlink:href']) {
    if (!element.getAttribute(name)?.startsWith('#')) element.removeAttribute(name);
  }
}

/**
 * A colour that was chosen with light pages in mind leaves the words on it unreadable on a dark one, and the other way round.
 * @param {Element} node
 */
function makeReadable(node) {
  const shape = node.querySelector('rect, polygon, circle, ellipse, path');
  const label = node.querySelector('.nodeLabel, text');
  if (!shape || !label) return;
  const ground = luminanceOf(getComputedStyle(shape).fill);
  const ink = luminanceOf(getComputedStyle(label)[label instanceof SVGElement ? 'fill' : 'color']);
  if (ground === null || ink === null || contrastOf(ground, ink) >= LEAST_CONTRAST) return;
  const readable = contrastOf(ground, 0) > contrastOf(ground, 1) ? '#1c1f1e' : '#fffefb';
  for (const part of [label, ...label.querySelectorAll('*')]) {
    part.setAttribute(
      'style',
      `${part.getAttribute('style') ?? ''};color:${readable}!important;fill:${readable}!important`,
    );
  }
}

/** By WCAG; null for what is no colour, or hardly seen. @param {string} colour as a computed style has it */
function luminanceOf(colour) {
  const [red, green, blue, alpha = 1] = (/^rgba?\((.*)\)$/.exec(colour)?.[1] ?? '').split(/[\s,/]+/).map(Number);
  if (red === undefined || green === undefined || blue === undefined || alpha < 0.5) return null;
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * @param {number} one
 * @param {number} other
 */
const contrastOf = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

/** What the author calls it, or else the first words in it. @param {SVGSVGElement} svg */
function titleOf(svg) {
  const given = svg.querySelector('title')?.textContent?.trim();
  if (given) return given;
  const labels = ['.node', ''].flatMap((scope) => [...svg.querySelectorAll(`${scope} text, ${scope} foreignObject`)]);
  const words = labels.map(({ textContent }) => textContent?.replaceAll(/\s+/g, ' ').trim() ?? '');
  return [...new Set(words)]
    .filter((word) => word !== '')
    .slice(0, TITLE_WORDS)
    .join(', ');
}

/**
 * By the width of the window, not by what a scrollbar leaves of it: the height decides whether there is one.
 * @param {NonNullable<typeof drawing>} shown
 * @returns {DiagramNews}
 */
function measure({ width, height, title }) {
  const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(place);
  const room = innerWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  const scale = Math.max(Math.min(1, room / width), LEAST_SCALE);
  const scrollbar = width * scale > room ? place.offsetHeight - place.clientHeight : 0;
  const padding = Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom);
  return { type: 'drawn', height: Math.ceil(height * scale + padding + scrollbar), title };
}

/**
 * @param {unknown} error
 * @param {string} text
 * @returns {{ readonly problem: DiagramProblem, readonly line?: number }}
 */
function explain(error, text) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DOMException && error.name === 'EncodingError') return { problem: 'image' };
  if (/dynamically imported module|importing a module/i.test(message)) return { problem: 'unloaded' };
  if (/limit exceeded|too many/i.test(message)) return { problem: 'too-large' };
  const line = Number(/\bline:? (\d+)/i.exec(message)?.[1]);
  // Mermaid counts the lines that are left without comments and settings.
  const isCounted = !/^\s*---|%%/.test(text) && line <= text.trimEnd().split('\n').length;
  return isCounted ? { problem: 'syntax', line } : { problem: 'syntax' };
}
