import 'server-only';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { Clock } from './clock.fixture';
import { type EndReason, type Production, Reply, type ReplyLimits } from './reply';
import type { ReplyLog } from './reply-log';

// For the tests of this room: replies that say what a test lets them say.

export const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: true, simulated: true };
export const HELLO: ReplyEvent = { type: 'text-delta', text: 'Hello\nthere' };
export const STOPPED: ReplyEvent = { type: 'reply-stopped' };

export const LIMITS: ReplyLimits = { graceMs: 30_000, maxBytes: 1_000_000, maxReaders: 16 };

/** Lets everything happen that waits for nothing but its turn. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A production by hand: it notes why it is told to end, and does so when it is told to finish. */
export function produceByHand() {
  const ends: EndReason[] = [];
  let log: ReplyLog | undefined;
  let settleDone = () => {};
  const done = new Promise<void>((resolve) => {
    settleDone = resolve;
  });
  return {
    ends,
    produce: (given: ReplyLog): Production => {
      log = given;
      return { end: (reason) => ends.push(reason), done };
    },
    say: (...events: readonly ReplyEvent[]) => {
      for (const event of events) log?.append(event);
    },
    finish: async () => {
      settleDone();
      await settle();
    },
  };
}

/** A reply that is produced by hand, and the clock it lives by. */
export function handFed(limits: Partial<ReplyLimits> = {}) {
  const clock = new Clock();
  const { produce, ...hand } = produceByHand();
  return { ...hand, clock, reply: new Reply(produce, { ...LIMITS, ...limits }, clock.schedule) };
}
