import type { Page } from '@playwright/test';
import axe from 'axe-core';

/** What axe finds in a page and in the frames in it. Empty where all is well. */
export async function findViolations(page: Page): Promise<string[]> {
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
