import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** What axe finds in a page and in the frames in it, in both colour schemes. Empty where all is well. */
export async function findViolations(page: Page): Promise<string[]> {
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const found: string[] = [];
  // The page's own comes last, and stays.
  for (const colorScheme of isDark ? (['light', 'dark'] as const) : (['dark', 'light'] as const)) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Colours that are on their way to others have no contrast that counts.
    await page.evaluate(() => {
      const transitions = document.getAnimations().filter((each) => each instanceof CSSTransition);
      return Promise.allSettled(transitions.map(({ finished }) => finished)).then(() => undefined);
    });
    found.push(...(await findOnce(page)).map((violation) => `${colorScheme}: ${violation}`));
  }
  return found;
}

async function findOnce(page: Page): Promise<string[]> {
  for (const frame of page.frames()) {
    await frame.evaluate(axe.source);
    // A frame without an origin could not answer otherwise.
    await frame.evaluate(() => window.axe.configure({ allowedOrigins: ['<unsafe_all_origins>'] }));
  }
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
