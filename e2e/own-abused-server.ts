/** For specs about hostile requests to servers with settings of their own: each of them lives on, and has told no secret. */
import { expect, SECRETS } from './fixtures';
import { test as base } from './own-server';
import type { RivuletServer } from './rivulet-server';

export { expect };

export const test = base.extend({
  startServer: async ({ startServer }, use) => {
    const started: RivuletServer[] = [];
    await use(async (...given) => {
      const server = await startServer(...given);
      started.push(server);
      return server;
    });
    for (const { url, output } of started) {
      expect((await fetch(`${url}/api/health`)).status).toBe(200);
      expect(output.filter((line) => line.includes(SECRETS.apiKey))).toEqual([]);
      expect(output.filter((line) => /unhandledRejection|uncaughtException/i.test(line))).toEqual([]);
    }
  },
});
