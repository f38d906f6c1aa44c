/** For specs whose subject is the server as a process: each test starts its own, with settings of its own. */
import { test as base, SECRETS } from './fixtures';
import { type RivuletServer, type Settings, type StartOptions, startRivulet } from './rivulet-server';

export { expect } from './fixtures';

type OwnServer = {
  /** Starts a server that asks this worker's `upstream`. It ends with the test. */
  readonly startServer: (settings?: Settings, options?: StartOptions) => Promise<RivuletServer>;
};

export const test = base.extend<OwnServer>({
  startServer: async ({ upstream }, use) => {
    const started: RivuletServer[] = [];
    await use(async (settings = {}, options = {}) => {
      const access = { ANTHROPIC_API_KEY: SECRETS.apiKey, ANTHROPIC_BASE_URL: upstream.url };
      const server = await startRivulet({ ...access, ...settings }, options);
      started.push(server);
      return server;
    });
    for (const server of started) server.signal('SIGKILL');
    await Promise.all(started.map((server) => server.exited));
  },

  // A page goes before its server: what it still asks of one that is killed would be an error in the page.
  context: async ({ context, startServer: _ }, use) => {
    await use(context);
    await Promise.all(context.pages().map((page) => page.close()));
  },
});
