import { describe, expect, it } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { findEarlyFailure } from './early-failure';
import { HELLO, handFed, START, STOPPED } from './hand-fed.fixture';

const WAIT_MS = 250;
const error = new ChatError('overloaded', { retryAfterSeconds: 7 }).toWire('request-1');
const FAILURE: ReplyEvent = { type: 'reply-error', error };

/** A reply that is looked at after these events, and what was found so far. */
function lookAt(...events: readonly ReplyEvent[]) {
  const { reply, say, clock } = handFed();
  const reader = new AbortController();
  say(...events);
  const finding = findEarlyFailure(reply, WAIT_MS, reader.signal, clock.schedule);
  return { finding, say, clock, reader };
}

describe('findEarlyFailure', () => {
  it('finds that of a reply that has failed', async () => {
    const { finding, clock } = lookAt(START, FAILURE);
    expect(await finding).toEqual(error);
    expect(clock.size).toBe(0);
  });

  it('finds that of a reply that fails in the last moment of its wait', async () => {
    const { finding, say, clock } = lookAt();
    say(START);
    clock.pass(WAIT_MS - 1);
    say(FAILURE);
    expect(await finding).toEqual(error);
    expect(clock.size).toBe(0);
  });

  it('waits no longer than it was told to, and leaves what comes later to the reader', async () => {
    const { finding, say, clock } = lookAt(START);
    clock.pass(WAIT_MS);
    say(FAILURE);
    expect(await finding).toBeNull();
  });

  it.each<[string, ReplyEvent]>([
    ['a word', HELLO],
    ['thinking', { type: 'thinking-delta', text: 'Hm' }],
    ['that it waits', { type: 'reply-waiting', reason: 'overloaded', retryInMs: 1 }],
    ['that it was stopped', STOPPED],
  ])('does not wait for more when the first news is %s', async (_what, news) => {
    const early = lookAt(START);
    early.say(news, FAILURE);
    expect(await early.finding).toBeNull();
    expect(early.clock.size).toBe(0);
    const late = lookAt(START, news, FAILURE);
    expect(await late.finding).toBeNull();
    expect(late.clock.size).toBe(0);
  });

  it('waits no longer than its reader', async () => {
    const { finding, clock, reader } = lookAt(START);
    reader.abort();
    expect(await finding).toBeNull();
    expect(clock.size).toBe(0);
  });

  it('does not begin to wait for a reader who has left', async () => {
    const { reply, clock } = handFed();
    expect(await findEarlyFailure(reply, WAIT_MS, AbortSignal.abort(), clock.schedule)).toBeNull();
    expect(clock.size).toBe(0);
  });
});
