import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import type { RendererName } from './render/renderers';
import type { Run, ThreadTimes } from './render-figures';

export type MeasuredStream = Run & { readonly html: string };

/** The page of the bench in the browser, and what its one thread was doing meanwhile. */
export class RenderTab {
  private constructor(
    readonly page: Page,
    readonly devtools: CDPSession,
  ) {}

  static async open(context: BrowserContext, url: string): Promise<RenderTab> {
    const page = await context.newPage();
    await page.goto(url);
    await page.evaluate(() => renderPage.loadFonts());
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    return new RenderTab(page, devtools);
  }

  /** Streams the pieces in a column of their own. */
  async stream(renderer: RendererName, pieces: readonly string[]): Promise<MeasuredStream> {
    // What the one before has left is not collected at the expense of this one.
    await this.devtools.send('HeapProfiler.collectGarbage');
    const before = await this.#times();
    const stream = await this.page.evaluate(([name, all]) => renderPage.stream(name, all), [renderer, pieces] as const);
    const after = await this.#times();
    return {
      ...stream,
      totalMs: after.totalMs - before.totalMs,
      cpuMs: after.cpuMs - before.cpuMs,
      scriptMs: after.scriptMs - before.scriptMs,
      styleMs: after.styleMs - before.styleMs,
      layoutMs: after.layoutMs - before.layoutMs,
    };
  }

  mount(renderer: RendererName, text: string): Promise<string> {
    return this.page.evaluate(([name, whole]) => renderPage.mount(name, whole), [renderer, text] as const);
  }

  async #times(): Promise<ThreadTimes> {
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    const ms = (wanted: string) => (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * 1000;
    return {
      totalMs: ms('TaskDuration'),
      cpuMs: ms('ThreadTime'),
      scriptMs: ms('ScriptDuration'),
      styleMs: ms('RecalcStyleDuration'),
      layoutMs: ms('LayoutDuration'),
    };
  }
}
