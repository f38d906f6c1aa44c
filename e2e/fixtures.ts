/**
 * What every spec stands on. `live` is the production build with a key, and its Claude is `upstream`; `demo` is the same
 * build without a key, and `hasty` is `live` with less patience. Each worker has its own, started when the first test asks
 * for it; `strict` waits for no reader who has left. `page` opens on `live`; a spec of the demo says `test.use({ baseURL: ({ demo }, use) => use(demo.url) })`. A page
 * in which an error goes unhandled fails its test.
 */
import { test as base, expect } from '@playwright/test';
import { PageErrors } from './page-errors';
import { type RivuletServer, type Settings, startRivulet } from './rivulet-server';
import { Upstream } from './upstream';

export { expect };

/** What must never leave the server. Easy to find, wherever they turn up. */
export const SECRETS = {
  apiKey: 'sk-ant-e2e-secret-7d1f0c52e9',
  systemPrompt: 'Speak like a lighthouse keeper of Rattray Head, secret e2e-5b8e2a.',
} as const;

/** The limits of `hasty`. What has to be seen before the first one strikes is seen in time on a busy machine too. */
const HASTY = { FIRST_BYTE_TIMEOUT_SECONDS: '4', STALL_TIMEOUT_SECONDS: '2' } as const;

type TestFixtures = { readonly pageErrors: PageErrors; readonly cleanUpstream: undefined };
type WorkerFixtures = {
  readonly upstream: Upstream;
  readonly live: RivuletServer;
  readonly hasty: RivuletServer;
  readonly strict: RivuletServer;
  readonly demo: RivuletServer;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  upstream: [
    async ({}, use) => {
      const upstream = await Upstream.start();
      await use(upstream);
      await upstream.stop();
    },
    { scope: 'worker' },
  ],

  live: [
    async ({ upstream }, use) => {
      const server = await startRivulet(liveOn(upstream));
      await use(server);
      await server.stop();
      expectDiscretion(server);
    },
    { scope: 'worker' },
  ],

  hasty: [
    async ({ upstream }, use) => {
      const server = await startRivulet({ ...liveOn(upstream), ...HASTY });
      await use(server);
      await server.stop();
      expectDiscretion(server);
    },
    { scope: 'worker' },
  ],

  strict: [
    async ({ upstream }, use) => {
      const server = await startRivulet({ ...liveOn(upstream), REPLY_GRACE_SECONDS: '0' });
      await use(server);
      await server.stop();
      expectDiscretion(server);
    },
    { scope: 'worker' },
  ],

  demo: [
    async ({}, use) => {
      const server = await startRivulet();
      await use(server);
      await server.stop();
      expectDiscretion(server);
    },
    { scope: 'worker' },
  ],

  cleanUpstream: [
    async ({ upstream }, use) => {
      await use(undefined);
      upstream.forget();
    },
    { auto: true },
  ],

  baseURL: ({ live }, use) => use(live.url),

  pageErrors: async ({}, use) => {
    const pageErrors = new PageErrors();
    await use(pageErrors);
    expect(pageErrors.unexpected, 'errors in the page').toEqual([]);
  },

  context: async ({ context, pageErrors }, use) => {
    pageErrors.watch(context);
    await use(context);
  },
});

/** Whatever was asked of it, its log has told none of the secrets. */
function expectDiscretion({ output }: RivuletServer): void {
  const told = (secret: string) => output.filter((line) => line.includes(secret));
  expect(Object.values(SECRETS).flatMap(told), 'secrets in the log').toEqual([]);
}

function liveOn({ url }: Upstream): Settings {
  return { ANTHROPIC_API_KEY: SECRETS.apiKey, ANTHROPIC_BASE_URL: url, SYSTEM_PROMPT: SECRETS.systemPrompt };
}
