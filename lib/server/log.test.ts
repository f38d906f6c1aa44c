import { describe, expect, it } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import { describeReply, type ReplyRecord } from './log';

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4, thinkingTokens: 1 };
const RECORD: ReplyRecord = {
  order: { replyId: 'reply-1', requestId: 'request-1', call: { model: { id: 'a-model' } } },
  end: { type: 'reply-end', stopReason: 'end_turn', usage, timing: { firstTokenMs: 5, totalMs: 6 } },
  failure: undefined,
  attempts: 2,
  firstTokenMs: 5,
  totalMs: 6,
  usage,
  upstreamRequestId: 'req_1',
};

/** The line of a reply that failed after its first word, unless told otherwise. */
function lineOf(failure: ChatError, firstTokenMs: number | null = 5) {
  return describeReply({ ...RECORD, end: { type: 'reply-error', error: failure.toWire('') }, failure, firstTokenMs });
}

describe('the log line of a reply', () => {
  it('has its ids, times, tokens and outcome', () => {
    expect(describeReply(RECORD)).toEqual({
      replyId: 'reply-1',
      requestId: 'request-1',
      upstreamRequestId: 'req_1',
      model: 'a-model',
      outcome: 'complete',
      attempts: 2,
      firstTokenMs: 5,
      totalMs: 6,
      stopReason: 'end_turn',
      ...usage,
    });
  });

  it('tells a reply that broke off from one that never began, and from one that was stopped', () => {
    const failure = new ChatError('stalled');
    expect(lineOf(failure)).toMatchObject({ outcome: 'interrupted', errorCode: 'stalled' });
    expect(lineOf(failure, null)).toMatchObject({ outcome: 'failed', errorCode: 'stalled' });
    expect(describeReply({ ...RECORD, end: { type: 'reply-stopped' } })).toMatchObject({ outcome: 'stopped' });
  });

  it('names a cause by its kind, status and code, however deep, and never by its words', () => {
    const body = Object.assign(new Error('the secret body'), { status: 529, type: 'overloaded_error' });
    const line = lineOf(new ChatError('upstream_cut', { cause: new TypeError('the secret frame', { cause: body }) }));
    expect(line).toMatchObject({ cause: 'TypeError (Error 529 overloaded_error)' });
    expect(JSON.stringify(line)).not.toContain('secret');
  });
});
