/**
 * For specs about hostile requests to servers with settings of their own: each of them lives on, and has told no secret.
 * `members` is one of a worker's tests, behind a password; what a test counts or locks is done to a server of its own.
 */
import { expect, SECRETS } from './fixtures';
import { test as base } from './own-server';
import { type RivuletServer, type Settings, startRivulet } from './rivulet-server';

export { expect };

export const PASSWORD = 'correct horse battery';

export const MEMBERS: Settings = {
  ACCESS_PASSWORD: PASSWORD,
  SESSION_SECRET: 'a secret of these tests, 32 characters',
};

type TestFixtures = { readonly members: RivuletServer };
type WorkerFixtures = { readonly memberServer: RivuletServer };

export const test = base.extend<TestFixtures, WorkerFixtures>({
  startServer: async ({ startServer }, use) => {
    const started: RivuletServer[] = [];
    await use(async (...given) => {
      const server = await startServer(...given);
      started.push(server);
      return server;
    });
    for (const server of started) await expectUnharmed(server);
  },

  memberServer: [
    async ({ upstream }, use) => {
      const access = { ANTHROPIC_API_KEY: SECRETS.apiKey, ANTHROPIC_BASE_URL: upstream.url };
      const server = await startRivulet({ ...access, ...MEMBERS });
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  members: async ({ memberServer }, use) => {
    await use(memberServer);
    await expectUnharmed(memberServer);
  },
});

async function expectUnharmed({ url, output }: RivuletServer): Promise<void> {
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
  expect(output.filter((line) => line.includes(SECRETS.apiKey))).toEqual([]);
  expect(output.filter((line) => /unhandledRejection|uncaughtException/i.test(line))).toEqual([]);
}
