import { describe, expect, it } from 'vitest';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { HELLO, handFed, LIMITS, START, STOPPED } from './hand-fed.fixture';
import { readWholeReply } from './whole-reply';

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
const timing = { firstTokenMs: 5, totalMs: 6 };
const END: ReplyEvent = { type: 'reply-end', stopReason: 'max_tokens', usage, timing };

const never = new AbortController().signal;

/** What is read of a reply with these events: those before the reader came, and those after. */
function readWhole(before: readonly ReplyEvent[], after: readonly ReplyEvent[] = []) {
  const { reply, say } = handFed();
  say(...before);
  const reading = readWholeReply(reply, never, true);
  say(...after);
  return reading;
}

describe('readWholeReply', () => {
  it.each(['while it is read', 'before'])('gives the whole reply when Claude has finished it: %s', async (when) => {
    const events: ReplyEvent[] = [
      START,
      { type: 'reply-waiting', reason: 'overloaded', retryInMs: 1 },
      { type: 'thinking-delta', text: 'Hm' },
      { type: 'thinking-delta', text: '.' },
      { type: 'text-delta', text: 'Hello' },
      { type: 'text-delta', text: ' there' },
      END,
    ];
    expect(await (when === 'before' ? readWhole(events) : readWhole([], events))).toEqual({
      replyId: 'r',
      model: 'm',
      content: [
        { type: 'thinking', text: 'Hm.' },
        { type: 'text', text: 'Hello there' },
      ],
      stopReason: 'max_tokens',
      usage,
      timing,
    });
  });

  it('rejects with the failure of a reply that failed, and when to come back', async () => {
    const error = {
      code: 'rate_limited' as const,
      message: '',
      retryable: true,
      retryAfterSeconds: 7,
      requestId: 'request-1',
    };
    await expect(readWhole([START], [HELLO, { type: 'reply-error', error }])).rejects.toMatchObject({
      name: 'ChatError',
      code: 'rate_limited',
      retryAfterSeconds: 7,
    });
  });

  it('rejects when the reply was stopped, for half an answer is none', async () => {
    await expect(readWhole([START], [HELLO, STOPPED])).rejects.toMatchObject({ code: 'reply_stopped' });
  });
});

describe('a reader of a whole reply who leaves', () => {
  it.each([
    ['is waited for where it can come back', true, []],
    ['ends the reply where it cannot', false, ['reader_left']],
  ])('%s', async (_how, canReturn, endsAtOnce) => {
    const { reply, say, clock, ends } = handFed();
    const leaving = new AbortController();
    const reading = readWholeReply(reply, leaving.signal, canReturn);
    say(START, HELLO);
    leaving.abort();
    expect(await reading).toBeNull();
    expect(ends).toEqual(endsAtOnce);
    clock.pass(LIMITS.graceMs);
    expect(ends).toEqual(['reader_left']);
  });

  it('is not taken for one who loses the place to a newer reader, and still gets the end', async () => {
    const { reply, say } = handFed({ maxReaders: 1 });
    const reading = readWholeReply(reply, never, true);
    reply.follow({ onNews: () => {}, onDropped: () => {} });
    say(START, END);
    expect(await reading).toMatchObject({ stopReason: 'max_tokens' });
  });

  it('may have left before it came', async () => {
    const { reply, ends } = handFed();
    expect(await readWholeReply(reply, AbortSignal.abort(), false)).toBeNull();
    expect(ends).toEqual(['reader_left']);
  });

  it('behind the end lets the reply end by itself', async () => {
    const { reply, say, ends } = handFed();
    const reading = readWholeReply(reply, never, false);
    say(START, END);
    expect(await reading).not.toBeNull();
    expect(ends).toEqual([]);
  });
});
