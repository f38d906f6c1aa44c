import type { JSHandle, Locator } from '@playwright/test';

/** An element as it was when it settled. */
type Settled = { readonly parent: Element; readonly index: number; readonly look: string; readonly atMs: number };

export type SettledReport = {
  /** How often the answer has changed. */
  readonly updates: number;
  readonly settled: number;
  /** What was taken away, put elsewhere, or replaced by something that looks the same. */
  readonly moved: readonly string[];
  /** What looks otherwise than when it settled. */
  readonly changed: readonly string[];
  /** The settled elements that something was done to, for each update that did so. */
  readonly touches: readonly (readonly string[])[];
};

export type SettledWatch = { readonly nodes: ReadonlyMap<Element, Settled>; readonly report: () => SettledReport };

/**
 * Watches an answer from now on. After each update every child but the last two of the answer, of its lists, items, quotes,
 * tables and code is settled. Of code only the text counts: its colours come later.
 */
export async function watchSettled(answer: Locator): Promise<JSHandle<SettledWatch>> {
  return answer.evaluateHandle(watch);
}

/** Runs in the page. */
function watch(answer: Element): SettledWatch {
  const parents = 'ul, ol, li, blockquote, tbody, code, .line-group';
  const nodes = new Map<Element, Settled>();
  const touches: string[][] = [];
  let updates = 0;

  const textOf = (element: Element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 60);
  const nameOf = (element: Element) => `${element.localName}: ${textOf(element)}`;
  const lookOf = (element: Element) => {
    if (element.closest('pre')) return element.textContent ?? '';
    const copy = element.cloneNode(true) as Element;
    for (const code of copy.querySelectorAll('pre')) code.replaceChildren(code.textContent ?? '');
    return copy.outerHTML;
  };
  const settle = () => {
    for (const parent of [answer, ...answer.querySelectorAll(parents)]) {
      for (const [index, child] of [...parent.children].slice(0, -2).entries()) {
        if (nodes.has(child)) continue;
        nodes.set(child, { parent, index, look: lookOf(child), atMs: performance.now() });
      }
    }
  };
  const settledAround = (target: Node) => {
    let element = target instanceof Element ? target : target.parentElement;
    if (element?.closest('pre')) return null;
    while (element && !nodes.has(element)) element = element.parentElement;
    return element;
  };
  const isInPlace = (element: Element, { parent, index }: Settled) =>
    answer.contains(element) && parent.children[index] === element;

  const observer = new MutationObserver((records) => {
    updates += 1;
    const touched = new Set(records.map(({ target }) => settledAround(target)).filter((element) => element !== null));
    if (touched.size > 0) touches.push([...touched].map(nameOf));
    settle();
  });
  observer.observe(answer, { subtree: true, childList: true, characterData: true, attributes: true });
  settle();

  const report = () => {
    const all = [...nodes];
    const moved = all.filter(([element, settled]) => !isInPlace(element, settled));
    const changed = all.filter(([element, { look }]) => lookOf(element) !== look);
    const names = (some: typeof all) => some.map(([element]) => nameOf(element));
    return { updates, settled: nodes.size, moved: names(moved), changed: names(changed), touches };
  };
  return { nodes, report };
}
