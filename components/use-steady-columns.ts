import { type RefObject, useEffect, useRef } from 'react';

/** So many rows tell how wide the columns want to be. */
const TELLING_ROWS = 4;

/**
 * Keeps the columns of a table that grows as wide as its first rows have made them. Otherwise each longer word moves all
 * that is there, and the browser measures all cells for each row. In a wider box they grow alike, and a narrower one
 * scrolls. A table that comes as a whole is as wide as it wants to be.
 */
export function useSteadyColumns(ref: RefObject<HTMLTableElement | null>): void {
  const isHeld = useRef<boolean | null>(null);

  // After each update, for each may bring the row that tells.
  useEffect(() => {
    const table = ref.current;
    if (!table || isHeld.current) return;
    const isTelling = (table.tBodies[0]?.rows.length ?? 0) > TELLING_ROWS;
    if (isTelling && isHeld.current === false) hold(table);
    isHeld.current = isTelling;
  });
}

/** By animations that have ended: they leave no attribute, so that a table that has grown is the same as one that has not. */
function hold(table: HTMLTableElement): void {
  const cells = [...table.querySelectorAll('th')];
  const widths = cells.map((cell) => cell.getBoundingClientRect().width);
  const sum = widths.reduce((total, width) => total + width, 0);
  const width = `max(100%, ${sum}px)`;
  keep(table, { tableLayout: 'fixed', width, overflowWrap: 'anywhere', '--code-in-cell': 'normal' });
  for (const [index, cell] of cells.entries()) keep(cell, { width: `${widths[index]}px` });
}

const keep = (element: Element, style: Keyframe) => element.animate([style, style], { fill: 'forwards' });
