import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from './fixtures';

const running = new Set<ChildProcess>();

test.afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** `npm start` without npm, on a free port. */
function start(settings: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { PATH: process.env.PATH, NODE_ENV: 'production' as const, PORT: '0', ...settings };
  const child = spawn(process.execPath, ['start.mjs', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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

test('who comes while the server starts is answered as everybody else', async () => {
  const { port } = await addressOf(start({ HOST: '127.0.0.2' }));
  // The same port of another address is free, and known before anything listens there.
  start({ HOST: '127.0.0.1', PORT: port, ANTHROPIC_API_KEY: 'a-key-of-nobody' });
  const statuses: number[] = [];
  const ask = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/models`).catch(() => null);
    if (answer) statuses.push(answer.status);
    return statuses;
  };
  await expect.poll(ask, { intervals: [10], timeout: 20_000 }).toEqual([200]);
});

test('the start command takes address and port as arguments, before HOST and PORT', async () => {
  const { hostname, port } = await addressOf(start({ HOST: '127.0.0.1', PORT: '1' }, '-H', '127.0.0.2', '-p', '0'));
  expect(hostname).toBe('127.0.0.2');
  expect((await fetch(`http://127.0.0.2:${port}/api/health`)).status).toBe(200);
});

for (const { what, settings, args, sentence } of [
  {
    what: 'an argument that nobody knows',
    settings: {},
    args: ['--turbo'],
    sentence: /^Unknown option '--turbo'.*\n$/,
  },
  {
    what: 'a port that is none',
    settings: { PORT: 'http' },
    args: [],
    sentence: /^PORT: must be a number below 65536\n$/,
  },
  {
    what: 'a limit that is none',
    settings: { CONNECTION_TIMEOUT_SECONDS: '0' },
    args: [],
    sentence: /^CONNECTION_TIMEOUT_SECONDS: must be more than 0 and at most 300\n$/,
  },
]) {
  test(`the start command ends with one sentence for ${what}`, async () => {
    const child = start(settings, ...args);
    const ended = once(child, 'exit');
    expect(await text(child.stderr)).toMatch(sentence);
    expect(await ended).toEqual([1, null]);
  });
}

test('a port that is in use ends the start with one sentence', async () => {
  const { port } = await addressOf(start({}));
  const second = start({ PORT: port });
  const ended = once(second, 'exit');
  expect(await text(second.stderr)).toBe(`Port ${port} of 127.0.0.1 is in use: choose another one with -p or PORT.\n`);
  expect(await ended).toEqual([1, null]);
});

test('settings that are wrong end the start, all of them named', async () => {
  const child = start({ MAX_OUTPUT_TOKENS: 'many', DEFAULT_MODEL: 'nobody', ANTHROPIC_BASE_URL: 'somewhere' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = await text(child.stderr);
  expect(await ended).toBe(1);
  for (const name of ['MAX_OUTPUT_TOKENS', 'DEFAULT_MODEL', 'ANTHROPIC_BASE_URL']) expect(said).toContain(name);
});
