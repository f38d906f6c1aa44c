import { describe, expect, it } from 'vitest';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { collectReply } from './whole-reply';

const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: true };
const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
const timing = { firstTokenMs: 5, totalMs: 6 };
const HELLO: ReplyEvent = { type: 'text-delta', text: 'Hello' };

async function* produce(...events: readonly ReplyEvent[]) {
  yield* events;
}

describe('collectReply', () => {
  it('gives the whole reply when Claude finished it', async () => {
    const whole = await collectReply(
      produce(
        START,
        { type: 'reply-waiting', reason: 'overloaded', retryInMs: 1 },
        { type: 'thinking-delta', text: 'Hm' },
        { type: 'thinking-delta', text: '.' },
        HELLO,
        { type: 'text-delta', text: ' there' },
        { type: 'reply-end', stopReason: 'max_tokens', usage, timing },
      ),
    );
    expect(whole).toEqual({
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
    await expect(collectReply(produce(START, HELLO, { type: 'reply-error', error }))).rejects.toMatchObject({
      name: 'ChatError',
      code: 'rate_limited',
      retryAfterSeconds: 7,
    });
  });

  it.each([
    ['was stopped', [START, HELLO, { type: 'reply-stopped' }]],
    ['has no end', [START, HELLO]],
    ['has nothing at all', []],
  ] as [string, ReplyEvent[]][])('rejects when the reply %s, for half an answer is none', async (_how, events) => {
    await expect(collectReply(produce(...events))).rejects.toMatchObject({ code: 'upstream_cut' });
  });
});
