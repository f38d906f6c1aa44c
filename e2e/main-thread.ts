import type { Page } from '@playwright/test';

/** What a page's one thread was doing, in milliseconds. */
export type ThreadTimes = { readonly longestMs: number; readonly busyMs: number };

/** Measures a page from now on. Each reading tells what happened since the one before. */
export async function watchMainThread(page: Page): Promise<() => Promise<ThreadTimes>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const readBusyMs = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const blocks = await page.evaluateHandle(() => {
    const durations: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    });
    observer.observe({ type: 'longtask' });
    return durations;
  });
  let busyBefore = await readBusyMs();
  return async () => {
    const longestMs = await blocks.evaluate(async (durations) => {
      // The observer hears of a task when it is over, and is itself called in a later one.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return Math.max(0, ...durations.splice(0));
    });
    const busyMs = await readBusyMs();
    const times = { longestMs: Math.round(longestMs), busyMs: Math.round(busyMs - busyBefore) };
    busyBefore = busyMs;
    return times;
  };
}
