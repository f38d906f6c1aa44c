import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/find-browser';

/** `npm run e2e` builds first: the specs run against the production build. */
export default defineConfig({
  testDir: 'e2e',
  projects: [
    { name: 'specs', testMatch: '*.spec.ts' },
    { name: 'benches', testMatch: '*.bench.ts' },
  ],
  fullyParallel: true,
  workers: 2,
  // What passes only the second time is broken: a retry would hide it.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['./e2e/coverage-reporter.ts']],
  // What should come at once is waited for longer where the machine is slow.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    // A trace copies the page at every step, which takes a third of the time: for a test that failed, with `TRACE=1`.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    launchOptions: await findBrowser(),
  },
});
