import { describe, expect, it } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { Clock } from './clock.fixture';
import { peekFailure, type ReplyEvents } from './peek-failure';

const WAIT_MS = 250;
const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: false };
const HELLO: ReplyEvent = { type: 'text-delta', text: 'Hello' };
const error = new ChatError('overloaded', { retryAfterSeconds: 7 }).toWire('request-1');
const FAILURE: ReplyEvent = { type: 'reply-error', error };

/** A reply of these events and pauses, and whether it is over. */
function reply(...steps: readonly (ReplyEvent | Promise<unknown>)[]) {
  const state = { isOver: false };
  async function* produce(): AsyncGenerator<ReplyEvent, void> {
    try {
      for (const step of steps) {
        if (step instanceof Promise) await step;
        else yield step;
      }
    } finally {
      state.isOver = true;
    }
  }
  return { state, events: produce() };
}

/** A pause that ends by hand. */
function pause() {
  let end = (_error?: Error) => {};
  const promise = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure ? reject(failure) : resolve());
  });
  return { promise, end };
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function readAll(events: ReplyEvents): Promise<ReplyEvent[]> {
  const all: ReplyEvent[] = [];
  for (let next = await events.next(); next.value; next = await events.next()) all.push(next.value);
  return all;
}

/** What is behind a reply that was not seen to fail. */
async function eventsBehind(peeking: ReturnType<typeof peekFailure>): Promise<ReplyEvents> {
  const peeked = await peeking;
  return peeked.failure ? expect.fail(`failed: ${peeked.failure.code}`) : peeked.events;
}

describe('peekFailure', () => {
  it('sees a reply that fails at once', async () => {
    const clock = new Clock();
    expect(await peekFailure(reply(START, FAILURE).events, WAIT_MS, clock.schedule)).toEqual({ failure: error });
    expect(clock.size).toBe(0);
  });

  it('sees a reply that fails in the last moment of its wait', async () => {
    const clock = new Clock();
    const { promise, end } = pause();
    const peeking = peekFailure(reply(START, promise, FAILURE).events, WAIT_MS, clock.schedule);
    await settle();
    clock.pass(WAIT_MS - 1);
    end();
    expect(await peeking).toEqual({ failure: error });
  });

  it('waits no longer than it was told to, and what comes later is not lost', async () => {
    const clock = new Clock();
    const { promise, end } = pause();
    const peeking = peekFailure(reply(START, promise, HELLO, FAILURE).events, WAIT_MS, clock.schedule);
    await settle();
    clock.pass(WAIT_MS);
    const events = await eventsBehind(peeking);
    end();
    expect(await readAll(events)).toEqual([START, HELLO, FAILURE]);
  });

  it('leaves a failure that comes too late to the reader of the events', async () => {
    const clock = new Clock();
    const { promise, end } = pause();
    const peeking = peekFailure(reply(START, promise, FAILURE).events, WAIT_MS, clock.schedule);
    await settle();
    clock.pass(WAIT_MS);
    const events = await eventsBehind(peeking);
    end();
    expect(await readAll(events)).toEqual([START, FAILURE]);
  });

  it.each<[string, ReplyEvent[]]>([
    ['a word', [HELLO, FAILURE]],
    ['thinking', [{ type: 'thinking-delta', text: 'Hm' }, HELLO]],
    ['that it waits', [{ type: 'reply-waiting', reason: 'overloaded', retryInMs: 1 }, FAILURE]],
    ['that it was stopped', [{ type: 'reply-stopped' }]],
    ['nothing at all', []],
  ])('does not wait for more when the first news is %s, and loses nothing', async (_what, news) => {
    const clock = new Clock();
    const { state, events } = reply(START, ...news);
    const behind = await eventsBehind(peekFailure(events, WAIT_MS, clock.schedule));
    expect(clock.size).toBe(0);
    expect(await readAll(behind)).toEqual([START, ...news]);
    expect(state.isOver).toBe(true);
  });

  it('takes no event more than it looks at', async () => {
    const { state, events } = reply(START, HELLO);
    await eventsBehind(peekFailure(events, WAIT_MS, new Clock().schedule));
    expect(state.isOver).toBe(false);
  });

  it('lets a reader who returns early end the reply', async () => {
    const { state, events } = reply(START, HELLO, HELLO);
    const behind = await eventsBehind(peekFailure(events, WAIT_MS, new Clock().schedule));
    await behind.next();
    await behind.return();
    expect(state.isOver).toBe(true);
  });

  it('rejects with what a reply throws in time, and leaves what it throws later to the reader', async () => {
    const bug = new Error('a bug');
    const early = pause();
    const peeking = peekFailure(reply(START, early.promise).events, WAIT_MS, new Clock().schedule);
    early.end(bug);
    await expect(peeking).rejects.toBe(bug);

    const clock = new Clock();
    const late = pause();
    const behind = eventsBehind(peekFailure(reply(START, late.promise).events, WAIT_MS, clock.schedule));
    await settle();
    clock.pass(WAIT_MS);
    const events = await behind;
    late.end(bug);
    await expect(readAll(events)).rejects.toBe(bug);
  });
});
