import { EventEmitter } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { Clock } from './clock.fixture';
import { endOnSignals, type HostProcess } from './end-of-process';
import { LIMITS, produceByHand, STOPPED, settle } from './hand-fed.fixture';
import { Replies } from './replies';
import { Reply } from './reply';
import { giveSettings } from './settings.fixture';

const DRAIN_MS = 25_000;
const FLUSH_MS = 500;
const LAST_WORD_MS = 2000;

beforeAll(() => giveSettings());

/** A process that ends as one of Node does, except that the test goes on. */
class Host extends EventEmitter implements HostProcess {
  readonly ends: number[] = [];

  exit(code: number): void {
    this.ends.push(code);
  }
}

const REPLIES = {
  ...LIMITS,
  ttlMs: 0,
  maxRunningPerCaller: 10,
  maxRunning: 10,
  maxRunningBytes: 1_000_000,
  maxKeptBytes: 0,
};

const nameOf = (at: number) => ({ callerId: 'one', replyId: `${at}` });

/** A process with replies that run, and a word on those that were interrupted; each ends when it is told to. */
function run({ replies: count = 0, drainMs = DRAIN_MS } = {}) {
  const host = new Host();
  const clock = new Clock();
  const replies = new Replies(REPLIES, new Clock().schedule);
  endOnSignals(replies, drainMs, { host, schedule: clock.schedule });
  const running = Array.from({ length: count }, () => produceByHand());
  for (const [at, { produce }] of running.entries()) replies.start(nameOf(at), 'account', produce);
  return {
    host,
    interrupted: () => running.flatMap(({ ends }, at) => (ends.includes('restarting') ? [at] : [])),
    begin: () => replies.start(nameOf(count), 'account', produceByHand().produce),
    signal: async (name: 'SIGTERM' | 'SIGINT') => {
      host.emit(name);
      await settle();
    },
    pass: async (ms: number) => {
      clock.pass(ms);
      await settle();
    },
    endReply: async (at: number) => {
      running[at]?.say(STOPPED);
      await running[at]?.finish();
    },
  };
}

describe('a process that gets SIGTERM', () => {
  it('takes no reply any more, and goes on with those that run until they end (S-term)', async () => {
    const { begin, signal, pass, endReply, interrupted, host } = run({ replies: 2 });
    await signal('SIGTERM');
    expect(begin()).toBe('restarting');
    await pass(10_000);
    await endReply(0);
    await pass(10_000);
    expect(host.ends).toEqual([]);
    await endReply(1);
    await pass(FLUSH_MS - 1);
    expect(host.ends).toEqual([]);
    await pass(1);
    expect(host.ends).toEqual([0]);
    expect(interrupted()).toEqual([]);
  });

  it('interrupts what still runs when the time to drain is over, and ends when that has had its last word', async () => {
    const { signal, pass, endReply, interrupted, host } = run({ replies: 2 });
    await signal('SIGTERM');
    await pass(DRAIN_MS - 1);
    expect(interrupted()).toEqual([]);
    await pass(1);
    expect(interrupted()).toEqual([0, 1]);
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
    expect(interrupted()).toEqual([0]);
  });
});

describe('a process that gets SIGINT', () => {
  it('interrupts its replies without a wait, and ends in order', async () => {
    const { begin, signal, pass, endReply, interrupted, host } = run({ replies: 1 });
    await signal('SIGINT');
    await pass(0);
    expect(begin()).toBe('restarting');
    expect(interrupted()).toEqual([0]);
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
  it('takes replies, and goes on', () => {
    const { host, begin } = run();
    expect(begin()).toBeInstanceOf(Reply);
    expect(host.ends).toEqual([]);
  });
});
