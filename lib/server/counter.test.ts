import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreateCounter, createMemoryCounter, createRedisCounters } from './counter';
import { connectRedis, type Redis } from './redis';
import { giveSettings } from './settings.fixture';
import { SignInLimit } from './sign-in-limit';

let takeBack = () => {};
beforeAll(() => {
  takeBack = giveSettings();
});
afterAll(() => takeBack());

let tests = 0;

/** What every place to count in promises. Each test has a name of its own there. */
function promises(create: () => CreateCounter): void {
  const aCounter = (limit: number, windowSeconds = 60) => {
    tests += 1;
    return create()(`test-${tests}`, limit, windowSeconds);
  };

  it('counts by key, and says how many are left and until when', async () => {
    const counter = aCounter(2);
    expect(await counter.add('a')).toMatchObject({ isOver: false, left: 1 });
    const { resetMs, ...last } = await counter.add('a');
    expect(last).toEqual({ isOver: false, left: 0 });
    expect(resetMs).toBeGreaterThan(50_000);
    expect(resetMs).toBeLessThanOrEqual(60_000);
    expect(await counter.add('a')).toMatchObject({ isOver: true, left: 0 });
    expect(await counter.add('b')).toMatchObject({ isOver: false, left: 1 });
  });

  it('counts many points at once, and takes them back', async () => {
    const counter = aCounter(1000);
    expect(await counter.add('a', 900)).toMatchObject({ isOver: false, left: 100 });
    expect(await counter.add('a', 101)).toMatchObject({ isOver: true });
    await counter.takeBack('a', 101);
    expect(await counter.add('a', 100)).toMatchObject({ isOver: false, left: 0 });
  });

  it('lets as many through as the limit says of those that come at once', async () => {
    const counter = aCounter(7);
    const counts = await Promise.all(Array.from({ length: 100 }, () => counter.add('a')));
    expect(counts.filter(({ isOver }) => !isOver)).toHaveLength(7);
  });

  it('begins anew when its window is over', async () => {
    const counter = aCounter(1, 1);
    const { resetMs } = await counter.add('a');
    expect((await counter.add('a')).isOver).toBe(true);
    await expect.poll(async () => (await counter.add('a')).isOver, { timeout: resetMs + 2000 }).toBe(false);
  });
}

describe('in memory', () => promises(() => createMemoryCounter));

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) process.stdout.write('There is no redis-server on this machine: nothing is counted in one.\n');

/** A Redis of this test on a port that was free, with nothing in it and nothing on disk. */
async function startRedis(port: number) {
  const child = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
  for await (const line of child.stdout) if (String(line).includes('Ready to accept connections')) break;
  return child;
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  return port;
}

describe.runIf(hasRedis)('in Redis', () => {
  let redis: Redis;
  let child: Awaited<ReturnType<typeof startRedis>>;
  let port = 0;

  beforeAll(async () => {
    port = await findPort();
    child = await startRedis(port);
    redis = connectRedis(`redis://127.0.0.1:${port}`);
  });
  afterAll(async () => {
    redis.destroy();
    child.kill('SIGKILL');
    await once(child, 'close');
  });

  promises(() => createRedisCounters(redis));

  it('counts for another process, and for the next one after a restart: who has guessed too often is not forgotten', async () => {
    const limit = new SignInLimit(createRedisCounters(redis));
    const tries = Array.from({ length: 11 }, () => limit.countTry('192.0.2.7'));
    expect((await Promise.allSettled(tries)).filter(({ status }) => status === 'rejected')).toHaveLength(1);
    const next = connectRedis(`redis://127.0.0.1:${port}`);
    await expect(new SignInLimit(createRedisCounters(next)).countTry('192.0.2.7')).rejects.toMatchObject({
      code: 'too_many_attempts',
    });
    next.destroy();
  });

  it('refuses where it cannot count, soon and in so many words, and counts again when Redis is back', async () => {
    const counter = createRedisCounters(redis)('refused', 5, 60);
    await counter.add('a');
    child.kill('SIGSTOP');
    await expect(counter.add('a')).rejects.toMatchObject({ code: 'limits_unavailable' });
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect(counter.add('a')).rejects.toMatchObject({ code: 'limits_unavailable' });
    child = await startRedis(port);
    await expect
      .poll(
        () =>
          counter.add('a').then(
            ({ isOver }) => isOver,
            () => true,
          ),
        { timeout: 10_000 },
      )
      .toBe(false);
  }, 20_000);

  it('does not count later what was refused because it could not be counted', async () => {
    const counter = createRedisCounters(redis)('dropped', 100_000, 60);
    await counter.add('a');
    child.kill('SIGKILL');
    await once(child, 'close');
    const tries = Array.from({ length: 8 }, () => counter.add('a', 10_000));
    expect((await Promise.allSettled(tries)).map(({ status }) => status)).toEqual(Array(8).fill('rejected'));
    child = await startRedis(port);
    const countOther = () => counter.add('b').catch(() => null);
    await expect.poll(countOther, { timeout: 10_000 }).not.toBeNull();
    expect(await counter.add('a')).toMatchObject({ left: 99_999 });
  }, 20_000);
});
