import { type RefObject, useEffect } from 'react';

/**
 * Keeps an element from getting lower while it is active and as wide as it was. Half-written Markdown does that: the line
 * that begins a heading, a table or a link definition is a paragraph until it is recognised, and text below the reader's
 * eye would hop.
 */
export function useSteadyHeight(ref: RefObject<HTMLElement | null>, isActive: boolean): void {
  useEffect(() => {
    const element = ref.current;
    if (!isActive || !element) return;
    let highest = 0;
    let width = element.offsetWidth;
    // After layout and before paint, so that holding the height costs no second layout of its own.
    const observer = new ResizeObserver(() => {
      if (element.offsetWidth !== width) {
        width = element.offsetWidth;
        highest = 0;
        element.style.minHeight = '';
      } else if (element.offsetHeight > highest) {
        highest = element.offsetHeight;
        element.style.minHeight = `${highest}px`;
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      element.style.minHeight = '';
    };
  }, [ref, isActive]);
}
