import { type RefObject, useEffect, useRef } from 'react';

/** So many rows tell how wide the columns want to be. */
const TELLING_ROWS = 4;

/**
 * Keeps the columns of a table that grows as wide as its first rows have made them. Otherwise each longer word moves all
 * that is there, and the browser measures all cells for each row. A table that comes as a whole, and one whose box gets
 * another width, is as wide as it wants to be.
 */
export function useSteadyColumns(ref: RefObject<HTMLElement | null>): void {
  const rowsAtFirst = useRef(Number.POSITIVE_INFINITY);
  const held = useRef<readonly Animation[]>([]);

  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    rowsAtFirst.current = rowsIn(box);
    let width = box.offsetWidth;
    const observer = new ResizeObserver(() => {
      if (box.offsetWidth === width) return;
      width = box.offsetWidth;
      for (const animation of held.current) animation.cancel();
      held.current = [];
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, [ref]);

  // After each update, for each may bring the row that tells.
  useEffect(() => {
    const box = ref.current;
    if (!box || held.current.length > 0 || rowsAtFirst.current >= TELLING_ROWS) return;
    if (rowsIn(box) > TELLING_ROWS) held.current = hold(box);
  });
}

const rowsIn = (box: HTMLElement) => box.querySelector('tbody')?.rows.length ?? 0;

/** By animations that have ended: they leave no attribute, so that a table that has grown is the same as one that has not. */
function hold(box: HTMLElement): readonly Animation[] {
  const cells = [...box.querySelectorAll('th')];
  const widths = cells.map((cell) => cell.getBoundingClientRect().width);
  const sum = widths.reduce((total, width) => total + width, 0);
  const whole = [...box.querySelectorAll('table')].map((table) =>
    keep(table, { tableLayout: 'fixed', width: `${sum}px`, overflowWrap: 'anywhere', '--code-in-cell': 'normal' }),
  );
  return [...whole, ...cells.map((cell, index) => keep(cell, { width: `${widths[index]}px` }))];
}

const keep = (element: Element, style: Keyframe) => element.animate([style, style], { fill: 'forwards' });
