import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');

export default defineConfig({
  resolve: {
    // The marker package throws outside a server bundle, and a unit test is none.
    alias: [
      { find: /^server-only$/, replacement: `${root}/node_modules/server-only/empty.js` },
      { find: /^@\//, replacement: `${root}/` },
    ],
  },
  test: {
    include: ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}'],
    environment: 'node',
    // Begin sooner than processes, for each of the many files.
    pool: 'threads',
    // Properties take seconds, and on a machine that is busy several times as long.
    testTimeout: 30_000,
  },
});
