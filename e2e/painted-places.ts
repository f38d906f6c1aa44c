import type { Locator } from '@playwright/test';

export type Places = {
  /** How many frames were painted. */
  readonly frames: number;
  /** Each place that differs from the one in the frame before, in pixels from the window's upper edge. */
  readonly changes: readonly number[];
};

/**
 * Notes from now on where an edge of an element is painted in each frame. An intersection observer tells a place after
 * everything that may still be put right before the paint; an animation frame comes before that.
 */
export async function watchPainted(element: Locator, edge: 'top' | 'bottom'): Promise<() => Promise<Places>> {
  const watch = await element.evaluateHandle(watchEdge, edge);
  await watch.evaluate(({ nextFrames }) => nextFrames());
  return () =>
    watch.evaluate(async ({ places, nextFrames }) => {
      // What was done last is on the screen, and so is what follows from it.
      await nextFrames();
      return { frames: places.length, changes: places.filter((place, index) => place !== places[index - 1]) };
    });
}

/** Runs in the page. */
function watchEdge(element: Element, edge: 'top' | 'bottom') {
  const places: number[] = [];
  const look = () => {
    const observer = new IntersectionObserver(([entry]) => {
      observer.disconnect();
      if (entry) places.push(Math.round(entry.boundingClientRect[edge]));
    });
    observer.observe(element);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const nextFrames = async () => {
    for (let frame = 0; frame < 6; frame += 1) await new Promise(requestAnimationFrame);
  };
  return { places, nextFrames };
}
