import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/find-browser';

/** `npm run e2e` builds first: the specs run against the production build. */
export default defineConfig({
  testDir: 'e2e',
  projects: [
    { name: 'specs', testMatch: '*.spec.ts' },
    // A trace copies the page at every step, which is most of what would be measured.
    { name: 'benches', testMatch: '*.bench.ts', use: { trace: 'off' } },
  ],
  fullyParallel: true,
  workers: 2,
  // What passes only the second time is broken: a retry would hide it.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['./e2e/fault-reporter.ts']],
  timeout: 30_000,
  use: {
    trace: 'retain-on-failure',
    launchOptions: await findBrowser(),
  },
});
