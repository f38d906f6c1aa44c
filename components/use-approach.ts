import { type RefObject, useEffect, useState } from 'react';

/** How far off a reader is by whom it is wanted: a window's height up or down, so that none sees it come. */
const MARGIN = '100% 0%';

/**
 * Whether an element of the thread has been within reach of what is seen, or `isNear` when it was first drawn. What is far
 * off need not be drawn with care; once it was, it stays so. A page that is printed is near as a whole.
 */
export function useApproach(ref: RefObject<HTMLElement | null>, isNear: boolean): boolean {
  const [hasComeNear, setHasComeNear] = useState(isNear);
  useEffect(() => {
    const element = ref.current;
    if (hasComeNear || !element) return;
    const comeNear = () => setHasComeNear(true);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) comeNear();
      },
      { root: element.closest('.view'), rootMargin: MARGIN },
    );
    observer.observe(element);
    addEventListener('beforeprint', comeNear);
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', comeNear);
    };
  }, [ref, hasComeNear]);
  return hasComeNear;
}
