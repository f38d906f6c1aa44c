import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from './fixtures';

const running = new Set<ChildProcess>();

test.afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** `npm start` without npm, on a free port. */
function start(settings: Readonly<Record<string, string>>) {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production' as const, PORT: '0', ...settings };
  const child = spawn(process.execPath, ['start.mjs'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  return child;
}

/** Where it listens, once it does. */
function addressOf({ stdout }: ReturnType<typeof start>): Promise<URL> {
  return new Promise((resolve, reject) => {
    let printed = '';
    stdout.on('data', (chunk) => {
      printed += chunk;
      const address = /Local:\s+(http\S+).*Ready in/s.exec(printed)?.[1];
      if (address) resolve(new URL(address));
    });
    stdout.once('end', () => reject(new Error(`The server ended instead of starting:\n${printed}`)));
  });
}

test('the start command serves this machine only, also when HOST is there and empty', async () => {
  const { hostname, port } = await addressOf(start({ HOST: '' }));
  expect(hostname).toBe('127.0.0.1');
  const health = await fetch(`http://127.0.0.1:${port}/api/health`);
  expect(await health.json()).toMatchObject({ status: 'ok' });
  // Another address of the loopback network: a server that listens everywhere answers there too.
  await expect(fetch(`http://127.0.0.2:${port}/api/health`)).rejects.toThrow('fetch failed');
});

test('settings that are wrong end the start, all of them named', async () => {
  const child = start({ MAX_OUTPUT_TOKENS: 'many', DEFAULT_MODEL: 'nobody', ANTHROPIC_BASE_URL: 'somewhere' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = await text(child.stderr);
  expect(await ended).toBe(1);
  for (const name of ['MAX_OUTPUT_TOKENS', 'DEFAULT_MODEL', 'ANTHROPIC_BASE_URL']) expect(said).toContain(name);
});
