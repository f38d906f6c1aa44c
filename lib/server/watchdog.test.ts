import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatError } from '@/lib/protocol/chat-error';
import { Clock } from './clock.fixture';
import { startWatchdog } from './watchdog';

const LIMITS = { firstByteMs: 60, stallMs: 30, outputMs: 100, replyMs: 900 };

/** A clock that runs by hand, and a watchdog on it. */
function watch() {
  const stop = new AbortController();
  const clock = new Clock();
  const watchdog = startWatchdog(stop, LIMITS, clock.schedule);
  return { watchdog, clock, why: () => (stop.signal.reason as ChatError | undefined)?.code };
}

describe('the watchdog', () => {
  it.each([
    ['first-byte', LIMITS.firstByteMs, 'first_byte_timeout'],
    ['output', LIMITS.stallMs, 'stalled'],
  ] as const)('lets nobody wait for the %s without a byte longer than %i ms', (what, limitMs, code) => {
    const { watchdog, clock, why } = watch();
    watchdog.expect(what);
    clock.pass(limitMs - 1);
    expect(why()).toBeUndefined();
    clock.pass(1);
    expect(why()).toBe(code);
  });

  it('measures each wait from its own beginning', () => {
    const { watchdog, clock, why } = watch();
    watchdog.expect('first-byte');
    clock.pass(59);
    for (let wait = 0; wait < 10; wait += 1) {
      watchdog.expect('output');
      clock.pass(29);
    }
    expect(why()).toBeUndefined();
    clock.pass(1);
    expect(why()).toBe('stalled');
  });

  it('waits for the next byte, and no longer for the first one, when it has heard one', () => {
    const { watchdog, clock, why } = watch();
    watchdog.expect('first-byte');
    clock.pass(59);
    watchdog.hear();
    clock.pass(29);
    expect(why()).toBeUndefined();
    clock.pass(1);
    expect(why()).toBe('stalled');
  });

  it.each(['first-byte', 'output'] as const)(
    'hears pings as a sign of life, but not as the output that it waits for after %s',
    (what) => {
      const { watchdog, clock, why } = watch();
      watchdog.expect(what);
      for (let ms = 0; ms < 80; ms += 20) {
        clock.pass(20);
        watchdog.hear();
      }
      clock.pass(19);
      expect(why()).toBeUndefined();
      clock.pass(1);
      expect(why()).toBe('stalled');
    },
  );

  it('waits for output anew after each', () => {
    const { watchdog, clock, why } = watch();
    for (let ms = 0; ms < 500; ms += 20) {
      watchdog.expect('output');
      clock.pass(20);
      watchdog.hear();
    }
    expect(why()).toBeUndefined();
  });

  it('does not count while it rests, except for the whole reply', () => {
    const { watchdog, clock, why } = watch();
    watchdog.expect('output');
    watchdog.hear();
    watchdog.rest();
    clock.pass(LIMITS.replyMs - 1);
    expect(why()).toBeUndefined();
    clock.pass(1);
    expect(why()).toBe('reply_timeout');
  });

  it('leaves no timer behind when it ends', () => {
    const { watchdog, clock, why } = watch();
    watchdog.expect('first-byte');
    watchdog.hear();
    watchdog.end();
    expect(clock.size).toBe(0);
    clock.pass(10_000);
    expect(why()).toBeUndefined();
  });
});

describe('a process that was held up', () => {
  const PATIENT = { firstByteMs: 50, stallMs: 60_000, outputMs: 60_000, replyMs: 60_000 };
  const server = createServer();
  const sockets: Socket[] = [];

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  /** Both ends of a connection. */
  async function openConnection(): Promise<readonly [reader: Socket, writer: Socket]> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(reader, 'connect');
    const [writer] = await accepted;
    sockets.push(reader, writer);
    return [reader, writer];
  }

  /** Lets nothing happen in this process for a while. */
  function block(ms: number): void {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs);
  }

  it('reads what has arrived meanwhile before a limit strikes (S-loop)', async () => {
    const [reader, writer] = await openConnection();
    const stop = new AbortController();
    const watchdog = startWatchdog(stop, PATIENT);
    reader.on('data', watchdog.hear);
    const read = once(reader, 'data');
    watchdog.expect('first-byte');
    writer.write('x');
    block(3 * PATIENT.firstByteMs);
    await read;
    await nextTurn();
    expect(stop.signal.aborted).toBe(false);
    watchdog.end();
  });

  it('keeps its limits when nothing has arrived', async () => {
    const stop = new AbortController();
    const watchdog = startWatchdog(stop, PATIENT);
    watchdog.expect('first-byte');
    const aborted = once(stop.signal, 'abort');
    block(3 * PATIENT.firstByteMs);
    await aborted;
    expect(stop.signal.reason).toMatchObject({ code: 'first_byte_timeout' });
    watchdog.end();
  });
});
