import { describe, expect, it, vi } from 'vitest';
import { Clock } from './clock.fixture';
import { HELLO, LIMITS as OF_ONE, produceByHand, START, STOPPED, settle } from './hand-fed.fixture';
import { getReplies, Replies, type RepliesLimits } from './replies';
import { Reply } from './reply';

const TTL_MS = 600_000;
const EARLY_STOP_MS = 60_000;
const LIMITS: RepliesLimits = {
  ...OF_ONE,
  ttlMs: TTL_MS,
  maxRunningPerCaller: 4,
  maxRunning: 10,
  maxRunningBytes: 1_000_000,
  maxKeptBytes: 1_000_000,
};

const key = (replyId: string, callerId = 'one') => ({ callerId, replyId });

/** The replies of a server, and the clock they live by. */
function serve(limits: Partial<RepliesLimits> = {}) {
  const clock = new Clock();
  const replies = new Replies({ ...LIMITS, ...limits }, clock.schedule);
  const begin = (replyId: string, callerId?: string) => {
    const hand = produceByHand();
    const reply = replies.start(key(replyId, callerId), callerId ?? 'one', hand.produce);
    if (!(reply instanceof Reply)) return expect.fail(reply);
    const end = async () => {
      hand.say(STOPPED);
      await hand.finish();
    };
    return { ...hand, reply, end };
  };
  return { clock, replies, begin };
}

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, settle().then(() => pending)])) !== pending;
}

describe('a reply that is begun', () => {
  it('is the same one for whoever begins it again, running or over, and is produced once', async () => {
    const { replies, begin } = serve();
    const { reply, end } = begin('a');
    const again = vi.fn(produceByHand().produce);
    expect(replies.start(key('a'), 'one', again)).toBe(reply);
    await end();
    expect(replies.start(key('a'), 'one', again)).toBe(reply);
    expect(again).not.toHaveBeenCalled();
  });

  it('is its caller’s: the same name is another reply for anybody else', async () => {
    const { replies, begin } = serve();
    const { reply } = begin('a', 'one');
    expect(replies.find(key('a', 'other'))).toBeUndefined();
    expect(await replies.stop(key('a', 'other'))).toBe(false);
    expect(begin('a', 'other').reply).not.toBe(reply);
    expect(replies.find(key('a', 'one'))).toBe(reply);
  });

  it('is not begun beside as many as a caller may have, until one of them is over', async () => {
    const { replies, begin } = serve({ maxRunningPerCaller: 2 });
    const { end } = begin('a');
    begin('b');
    begin('a', 'on');
    expect(replies.start(key('c'), 'one', produceByHand().produce)).toBe('too_many_replies');
    expect(replies.find(key('c'))).toBeUndefined();
    await end();
    begin('c');
  });

  it('is not begun beside as many as all callers may have, until one of them is over', async () => {
    const { replies, begin } = serve({ maxRunning: 2 });
    const { end } = begin('a', 'one');
    begin('b', 'two');
    expect(replies.start(key('c', 'three'), 'three', produceByHand().produce)).toBe('server_busy');
    await end();
    begin('c', 'three');
  });

  it('is not begun beside so many words of others that they are all the memory there is', async () => {
    const { replies, begin } = serve({ maxRunningBytes: 1000 });
    const { say, end } = begin('a');
    say({ type: 'text-delta', text: 'x'.repeat(1000) });
    expect(replies.start(key('b'), 'one', produceByHand().produce)).toBe('server_busy');
    await end();
    begin('b');
  });

  it('counts until it costs nothing any more, not until its last word', async () => {
    const { replies, begin } = serve();
    const { say, finish } = begin('a');
    say(STOPPED);
    await settle();
    expect(replies.size).toBe(1);
    await finish();
    expect(replies.size).toBe(0);
  });
});

describe('a reply that is stopped', () => {
  it('is ended, which is said when it costs nothing any more', async () => {
    const { replies, begin } = serve();
    const { say, finish, ends } = begin('a');
    const stopping = replies.stop(key('a'));
    expect(ends).toEqual(['stopped']);
    say(STOPPED);
    expect(await isSettled(stopping)).toBe(false);
    await finish();
    expect(await stopping).toBe(true);
  });

  it('can be stopped twice, and when it is over', async () => {
    const { replies, begin } = serve();
    const { end } = begin('a');
    const stopping = [replies.stop(key('a')), replies.stop(key('a'))];
    await end();
    expect(await Promise.all([...stopping, replies.stop(key('a'))])).toEqual([true, true, true]);
  });

  it('before it begins is told to end as it begins, once', async () => {
    const { replies, begin } = serve();
    expect(await replies.stop(key('a'))).toBe(false);
    replies.stopEarly(key('a'));
    const { ends, end } = begin('a');
    expect(ends).toEqual(['stopped']);
    await end();
    replies.forget(key('a'));
    expect(begin('a').ends).toEqual([]);
  });

  it('before it begins is not another one', async () => {
    const { replies, begin } = serve();
    replies.stopEarly(key('a'));
    expect(begin('b').ends).toEqual([]);
    expect(begin('a', 'other').ends).toEqual([]);
  });

  it('long before it begins is begun all the same', async () => {
    const { replies, begin, clock } = serve();
    replies.stopEarly(key('a'));
    replies.stopEarly(key('b'));
    clock.pass(EARLY_STOP_MS - 1);
    expect(begin('a').ends).toEqual(['stopped']);
    clock.pass(1);
    expect(begin('b').ends).toEqual([]);
  });

  it('before it begins, and once more, is remembered from the last time on', async () => {
    const { replies, begin, clock } = serve();
    replies.stopEarly(key('a'));
    clock.pass(EARLY_STOP_MS - 1);
    replies.stopEarly(key('a'));
    clock.pass(EARLY_STOP_MS - 1);
    expect(begin('a').ends).toEqual(['stopped']);
    expect(clock.size).toBe(0);
  });

  it('before it begins is forgotten where too many others were stopped since', async () => {
    const { replies, begin } = serve();
    for (let count = 0; count <= 10_000; count += 1) replies.stopEarly(key(`${count}`));
    expect(begin('0').ends).toEqual([]);
    expect(begin('1').ends).toEqual(['stopped']);
    expect(begin('10000').ends).toEqual(['stopped']);
  });
});

describe('a reply that is over', () => {
  it('can be read until its time is up', async () => {
    const { replies, begin, clock } = serve();
    const { reply, say, end } = begin('a');
    say(START, HELLO);
    await end();
    clock.pass(TTL_MS - 1);
    expect(replies.find(key('a'))).toBe(reply);
    expect(reply.log.read(0)).toEqual([START, HELLO, STOPPED]);
    clock.pass(1);
    expect(replies.find(key('a'))).toBeUndefined();
  });

  it('makes room for newer ones, the oldest first, and leaves no timer behind that holds on to it', async () => {
    const { replies, begin, clock } = serve({ maxKeptBytes: 2500 });
    for (const replyId of ['a', 'b', 'c']) {
      const { say, end } = begin(replyId);
      say({ type: 'text-delta', text: 'x'.repeat(400) });
      await end();
    }
    expect(['a', 'b', 'c'].map((replyId) => replies.find(key(replyId)) !== undefined)).toEqual([false, true, true]);
    expect(clock.size).toBe(2);
  });

  it('is not kept where it alone is too much', async () => {
    const { replies, begin, clock } = serve({ maxKeptBytes: 10 });
    await begin('a').end();
    expect(replies.find(key('a'))).toBeUndefined();
    expect(clock.size).toBe(0);
  });

  it('gives its name back when it is forgotten, and its room', async () => {
    const { replies, begin, clock } = serve();
    const { reply, end } = begin('a');
    replies.forget(key('a'));
    expect(replies.find(key('a'))).toBe(reply);
    await end();
    replies.forget(key('a'));
    replies.forget(key('a'));
    expect(clock.size).toBe(0);
    clock.pass(TTL_MS - 1);
    const next = begin('a');
    await next.end();
    clock.pass(TTL_MS - 1);
    expect(replies.find(key('a'))).toBe(next.reply);
  });
});

describe('the replies of a server that is about to end', () => {
  it('are not joined by a new one, and are closed when the last one is over', async () => {
    const { replies, begin } = serve();
    const one = begin('a');
    const other = begin('b');
    const closing = replies.close();
    expect(replies.start(key('c'), 'one', produceByHand().produce)).toBe('restarting');
    expect(replies.start(key('a'), 'one', produceByHand().produce)).toBe(one.reply);
    await one.end();
    expect(await isSettled(closing)).toBe(false);
    await other.end();
    expect(await isSettled(closing)).toBe(true);
  });

  it('wait for no reader any more, who could not come back, nor for one who comes to stop them', async () => {
    const { replies, begin } = serve();
    const [left, read] = [begin('left'), begin('read')];
    const reader = { onNews: () => {}, onDropped: () => {} };
    left.reply.follow(reader)();
    const leave = read.reply.follow(reader);
    void replies.close();
    expect([left.ends, read.ends]).toEqual([['reader_left'], []]);
    leave();
    expect(read.ends).toEqual(['reader_left']);
  });

  it('are closed at once where none runs', async () => {
    expect(await isSettled(serve().replies.close())).toBe(true);
  });

  it('are interrupted as long as they run', async () => {
    const { replies, begin } = serve();
    const over = begin('a');
    const running = [begin('b'), begin('c')];
    await over.end();
    replies.interrupt();
    expect(over.ends).toEqual([]);
    expect(running.map(({ ends }) => ends)).toEqual([['restarting'], ['restarting']]);
  });
});

describe('the replies of this process', () => {
  it('are the same ones for every copy of their module', async () => {
    vi.resetModules();
    const copy = await import('./replies');
    expect(copy.Replies).not.toBe(Replies);
    expect(copy.getReplies()).toBe(getReplies());
  });
});
