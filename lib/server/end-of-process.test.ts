import { EventEmitter } from 'node:events';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Clock } from './clock.fixture';
import { SETTINGS } from './config';
import { endOnSignals, type HostProcess } from './end-of-process';
import { RunningReplies } from './running-replies';

const DRAIN_MS = 25_000;
const FLUSH_MS = 500;
const LAST_WORD_MS = 2000;

// The log asks the settings, which are read once, so they are set before it does.
beforeAll(() => {
  for (const name of Object.keys(SETTINGS.in.shape)) vi.stubEnv(name, '');
  vi.stubEnv('LOG_LEVEL', 'silent');
  return () => vi.unstubAllEnvs();
});

/** A process that ends as one of Node does, except that the test goes on. */
class Host extends EventEmitter implements HostProcess {
  exitCode: HostProcess['exitCode'];
  readonly ends: HostProcess['exitCode'][] = [];

  exit(code?: number): void {
    if (code !== undefined) this.exitCode = code;
    this.emit('exit');
    this.ends.push(this.exitCode);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A process with replies that run, each of which tells what happened to it and ends when it is told to. */
function run({ replies: count = 0, drainMs = DRAIN_MS } = {}) {
  const host = new Host();
  const clock = new Clock();
  const replies = new RunningReplies();
  endOnSignals(replies, drainMs, { host, schedule: clock.schedule });
  const interrupted: number[] = [];
  const leave = Array.from({ length: count }, (_, at) => replies.enter(() => interrupted.push(at)));
  return {
    host,
    replies,
    interrupted,
    signal: async (name: 'SIGTERM' | 'SIGINT') => {
      host.emit(name);
      await settle();
    },
    pass: async (ms: number) => {
      clock.pass(ms);
      await settle();
    },
    endReply: async (at: number) => {
      leave[at]?.();
      await settle();
    },
  };
}

describe('a process that gets SIGTERM', () => {
  it('takes no reply any more, and goes on with those that run until they end (S-term)', async () => {
    const { replies, signal, pass, endReply, interrupted, host } = run({ replies: 2 });
    await signal('SIGTERM');
    expect(replies.enter(() => {})).toBeNull();
    await pass(10_000);
    await endReply(0);
    await pass(10_000);
    expect(host.ends).toEqual([]);
    await endReply(1);
    await pass(FLUSH_MS - 1);
    expect(host.ends).toEqual([]);
    await pass(1);
    expect(host.ends).toEqual([0]);
    expect(interrupted).toEqual([]);
  });

  it('interrupts what still runs when the time to drain is over, and ends when that has had its last word', async () => {
    const { signal, pass, endReply, interrupted, host } = run({ replies: 2 });
    await signal('SIGTERM');
    await pass(DRAIN_MS - 1);
    expect(interrupted).toEqual([]);
    await pass(1);
    expect(interrupted).toEqual([0, 1]);
    await endReply(0);
    await endReply(1);
    expect(host.ends).toEqual([]);
    await pass(FLUSH_MS);
    expect(host.ends).toEqual([0]);
  });

  it('does not wait longer for a reply that never ends', async () => {
    const { signal, pass, host } = run({ replies: 1 });
    await signal('SIGTERM');
    await pass(DRAIN_MS + LAST_WORD_MS - 1);
    expect(host.ends).toEqual([]);
    await pass(1);
    expect(host.ends).toEqual([0]);
  });

  it('ends as soon as its last bytes have left where no reply runs', async () => {
    const { signal, pass, host } = run();
    await signal('SIGTERM');
    await pass(FLUSH_MS);
    expect(host.ends).toEqual([0]);
  });

  it('interrupts at once where there is no time to drain', async () => {
    const { signal, pass, interrupted } = run({ replies: 1, drainMs: 0 });
    await signal('SIGTERM');
    await pass(0);
    expect(interrupted).toEqual([0]);
  });

  it('has not failed, whatever code the server of the platform exits with', async () => {
    const { signal, host } = run({ replies: 1 });
    await signal('SIGTERM');
    host.exit(143);
    expect(host.ends).toEqual([0]);
  });
});

describe('a process that gets SIGINT', () => {
  it('interrupts its replies without a wait, and ends in order', async () => {
    const { signal, pass, endReply, interrupted, host, replies } = run({ replies: 1 });
    await signal('SIGINT');
    await pass(0);
    expect(replies.enter(() => {})).toBeNull();
    expect(interrupted).toEqual([0]);
    await endReply(0);
    await pass(FLUSH_MS);
    expect(host.ends).toEqual([0]);
  });

  it('does not wait long for a reply that never ends', async () => {
    const { signal, pass, host } = run({ replies: 1 });
    await signal('SIGINT');
    await pass(LAST_WORD_MS);
    expect(host.ends).toEqual([0]);
  });
});

describe('a process that gets a second signal', () => {
  it.each([
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
    ['SIGINT', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
  ] as const)('ends at once and says so: %s, then %s', async (first, second, code) => {
    const { signal, host } = run({ replies: 1 });
    await signal(first);
    expect(host.ends).toEqual([]);
    await signal(second);
    expect(host.ends).toEqual([code]);
  });
});

describe('a process that gets no signal', () => {
  it('takes replies, and exits with the code that it is given', () => {
    const { host, replies } = run();
    expect(replies.enter(() => {})).not.toBeNull();
    host.exit(1);
    expect(host.ends).toEqual([1]);
  });
});
