import type { SettledWatch } from './settled-nodes';
import type { WatchedAnswer } from './watched-answer';

type Source = { readonly node: Node | null; readonly previousRect: DOMRect; readonly currentRect: DOMRect };
type LayoutShift = PerformanceEntry & { readonly sources: readonly Source[] };

export type Shifts = {
  /** Everything on the screen that moved otherwise than by scrolling. */
  readonly all: readonly string[];
  /** What moved among the messages and was settled, or contains what was, or comes before the answer. */
  readonly settled: readonly string[];
  /** Settled elements that have another place in the answer now, or another size; out of sight too, and by however little. */
  readonly displaced: readonly string[];
};

/** Watches from now on. A table that still grows sets its columns anew, and may move within itself. */
export async function watchShifts({ body, watch }: WatchedAnswer): Promise<() => Promise<Shifts>> {
  const places = await body.evaluateHandle(watchPlaces, watch);
  const shifts = await body.evaluateHandle(watchEntries, watch);
  return async () => {
    // What the last update has moved is told after it is on the screen.
    await body.evaluate(async () => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    });
    const displaced = await places.evaluate((read) => read());
    return { ...(await shifts.evaluate((read) => read())), displaced };
  };
}

/** Runs in the page. */
function watchPlaces(answer: Element, { nodes }: SettledWatch): () => Shifts['displaced'] {
  const places = new Map<Element, string>();
  const placeOf = (element: Element) => {
    const { x, y } = answer.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    return [box.x - x, box.y - y, box.width, box.height].map((length) => length.toFixed(1)).join(' ');
  };
  let lastFrameMs = 0;
  const look = () => {
    for (const [element, { atMs }] of nodes) {
      const isDrawn = atMs < lastFrameMs;
      if (isDrawn && !places.has(element) && !element.closest('tbody')) places.set(element, placeOf(element));
    }
    lastFrameMs = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return () =>
    [...places]
      .filter(([element, place]) => placeOf(element) !== place)
      .map(([element, place]) => `${element.localName}: ${place} to ${placeOf(element)}`);
}

/** Runs in the page. */
function watchEntries(answer: Element, { nodes }: SettledWatch): () => Omit<Shifts, 'displaced'> {
  const frames: number[] = [];
  const entries: LayoutShift[] = [];
  const view = answer.closest('[aria-label="Messages"]');

  const describe = ({ x, y, width, height }: DOMRect) => [x, y, width, height].map(Math.round).join(' ');
  const nameOf = ({ node, previousRect, currentRect }: Source) =>
    `${node?.nodeName.toLowerCase()} "${node?.textContent?.trim().slice(0, 40)}": ${describe(previousRect)} to ${describe(currentRect)}`;
  const isSettled = (node: Node | null, beforeMs: number) => {
    if (!node || !view?.contains(node)) return false;
    if (!answer.contains(node)) return !(answer.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    const settled = [...nodes].filter(([, { atMs }]) => atMs < beforeMs).map(([element]) => element);
    const table = (node instanceof Element ? node : node.parentElement)?.closest('.table-scroll');
    if (table && !settled.includes(table)) return false;
    return settled.some((element) => element.contains(node) || node.contains(element));
  };
  /** What was settled before the frame before was on the screen as it settled. */
  const frameBefore = (timeMs: number) => frames[frames.findLastIndex((frame) => frame <= timeMs) - 1] ?? 0;

  const look = () => {
    frames.push(performance.now());
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const observer = new PerformanceObserver((list) => entries.push(...(list.getEntries() as LayoutShift[])));
  observer.observe({ type: 'layout-shift' });
  return () => {
    entries.push(...(observer.takeRecords() as LayoutShift[]));
    const moved = entries.flatMap(({ startTime, sources }) => sources.map((source) => ({ source, startTime })));
    const settled = moved.filter(({ source, startTime }) => isSettled(source.node, frameBefore(startTime)));
    const names = (some: typeof moved) => some.map(({ source }) => nameOf(source));
    return { all: names(moved), settled: names(settled) };
  };
}
