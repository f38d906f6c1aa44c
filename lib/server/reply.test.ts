import { describe, expect, it, vi } from 'vitest';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { HELLO, handFed, LIMITS, START, STOPPED } from './hand-fed.fixture';
import type { Reader } from './reply';

const { graceMs } = LIMITS;

/** A reader that notes what it is told. */
function aReader(onNews = () => {}) {
  const reader = { onNews: vi.fn(onNews), onDropped: vi.fn() } satisfies Reader;
  return reader;
}

describe('a reply without a reader', () => {
  it('is ended when the grace period is over, and not sooner', () => {
    const { reply, clock, ends } = handFed();
    reply.follow(aReader())();
    clock.pass(graceMs - 1);
    expect(ends).toEqual([]);
    clock.pass(1);
    expect(ends).toEqual(['reader_left']);
  });

  it('runs on when one comes back in time, and gets the whole period the next time', () => {
    const { reply, clock, ends } = handFed();
    reply.follow(aReader())();
    clock.pass(graceMs - 1);
    const leave = reply.follow(aReader());
    clock.pass(10 * graceMs);
    leave();
    clock.pass(graceMs - 1);
    expect(ends).toEqual([]);
    clock.pass(1);
    expect(ends).toEqual(['reader_left']);
  });

  it.each([
    ['there is no grace period', 0, true],
    ['that reader cannot come back', graceMs, false],
  ])('is ended at once where %s', (_why, grace, canReturn) => {
    const { reply, clock, ends } = handFed({ graceMs: grace });
    const leave = reply.follow(aReader());
    expect(ends).toEqual([]);
    leave({ canReturn });
    expect(ends).toEqual(['reader_left']);
    expect(clock.size).toBe(0);
  });

  it('goes on growing in the meantime', () => {
    const { reply, say } = handFed();
    reply.follow(aReader())();
    say(START, HELLO);
    expect(reply.log.lastSeq).toBe(2);
  });

  it.each([0, graceMs])('that has ended is left to end by itself (grace %i)', async (grace) => {
    const { reply, say, finish, clock, ends } = handFed({ graceMs: grace });
    const leave = reply.follow(aReader());
    say(START, STOPPED);
    leave();
    await finish();
    reply.follow(aReader())();
    expect(clock.size).toBe(0);
    expect(ends).toEqual([]);
  });

  it('is waited for no longer when it has ended', () => {
    const { reply, say, clock, ends } = handFed();
    reply.follow(aReader())();
    say(START, STOPPED);
    expect(clock.size).toBe(0);
    clock.pass(graceMs);
    expect(ends).toEqual([]);
  });
});

describe('a reply with several readers', () => {
  it('tells each of the news, once', () => {
    const { reply, say } = handFed();
    const [one, other] = [aReader(), aReader()];
    reply.follow(one);
    say(START);
    const leave = reply.follow(other);
    say(HELLO);
    leave();
    say(STOPPED);
    expect(one.onNews).toHaveBeenCalledTimes(3);
    expect(other.onNews).toHaveBeenCalledTimes(1);
  });

  it('runs on until the last one has left; one that leaves twice has left once', () => {
    const { reply, clock, ends } = handFed({ graceMs: 0 });
    const leaveOne = reply.follow(aReader());
    const leaveOther = reply.follow(aReader());
    leaveOne();
    leaveOne({ canReturn: false });
    clock.pass(graceMs);
    expect(ends).toEqual([]);
    leaveOther();
    expect(ends).toEqual(['reader_left']);
  });

  it('gives up the oldest for one more than it may have, and is not without readers then', () => {
    const { reply, say, clock, ends } = handFed();
    const readers = Array.from({ length: LIMITS.maxReaders + 1 }, () => aReader());
    const leave = readers.map((reader) => reply.follow(reader));
    expect(readers.map(({ onDropped }) => onDropped.mock.calls.length)).toEqual([1, ...readers.slice(1).map(() => 0)]);
    say(START);
    expect(readers.map(({ onNews }) => onNews.mock.calls.length)).toEqual([0, ...readers.slice(1).map(() => 1)]);
    for (const leaveOne of leave.slice(0, -1)) leaveOne();
    expect(clock.size).toBe(0);
    leave.at(-1)?.();
    clock.pass(graceMs);
    expect(ends).toEqual(['reader_left']);
  });

  it('goes on with the others when one leaves because of the news', () => {
    const { reply, say } = handFed();
    const one = aReader(() => leave());
    const other = aReader();
    const leave = reply.follow(one);
    reply.follow(other);
    say(START, HELLO);
    expect(one.onNews).toHaveBeenCalledTimes(1);
    expect(other.onNews).toHaveBeenCalledTimes(2);
  });
});

describe('a reply that grows too large', () => {
  const large: ReplyEvent = { type: 'text-delta', text: 'x'.repeat(1000) };

  it('is ended by the event with which it does, and not sooner', () => {
    const { say, ends } = handFed({ maxBytes: 5000 });
    say(large, large);
    expect(ends).toEqual([]);
    say(large);
    expect(ends).toEqual(['reply_too_large']);
  });

  it('is none when that was its end', () => {
    const { say, ends } = handFed({ maxBytes: 1 });
    say(STOPPED);
    expect(ends).toEqual([]);
  });
});

describe('a reply that is ended', () => {
  it('costs nothing any more when its production is done', async () => {
    const { reply, finish, ends } = handFed();
    const done = vi.fn();
    void reply.done.then(done);
    reply.end('stopped');
    expect(ends).toEqual(['stopped']);
    await Promise.resolve();
    expect(done).not.toHaveBeenCalled();
    await finish();
    expect(done).toHaveBeenCalledOnce();
  });

  it('lets go of its production, and of the question with it, as soon as that is done', async () => {
    const { reply, finish, ends } = handFed();
    await finish();
    reply.end('stopped');
    await reply.done;
    expect(ends).toEqual([]);
  });
});
