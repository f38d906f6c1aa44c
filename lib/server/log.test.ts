import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import { SETTINGS } from './config';
import { describeReply, getLogger, logReply, type ReplyRecord } from './log';

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
  anomaly: undefined,
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

  it('names what was odd about a reply that is complete all the same', () => {
    const line = describeReply({ ...RECORD, anomaly: 'no_message_stop' });
    expect(line).toMatchObject({ outcome: 'complete', anomaly: 'no_message_stop' });
  });

  it('names the request to Claude also where Claude refused it (U-400), and only by what can be a name', () => {
    const upstreamRequestIdOf = (requestID: unknown, accepted?: string) => {
      const failure = new ChatError('request_rejected', { cause: Object.assign(new Error(), { requestID }) });
      const end = { type: 'reply-error', error: failure.toWire('') } as const;
      return describeReply({ ...RECORD, end, failure, upstreamRequestId: accepted }).upstreamRequestId;
    };
    expect(upstreamRequestIdOf('req_2')).toBe('req_2');
    expect(upstreamRequestIdOf('req_2', 'req_1')).toBe('req_1');
    expect(upstreamRequestIdOf('the secret body')).toBeUndefined();
    expect(upstreamRequestIdOf(undefined)).toBeUndefined();
    expect(describeReply({ ...RECORD, upstreamRequestId: 'the secret body' }).upstreamRequestId).toBeUndefined();
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

describe('the level of a line', () => {
  // The log asks the settings, which are read once, so they are set before it does.
  beforeAll(() => {
    for (const name of Object.keys(SETTINGS.in.shape)) vi.stubEnv(name, '');
    vi.stubEnv('LOG_LEVEL', 'silent');
    return () => vi.unstubAllEnvs();
  });

  /** Under which level a line is written. */
  function levelOf(line: ReturnType<typeof describeReply>): string[] {
    const levels: string[] = [];
    const spies = (['info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(getLogger(), level).mockImplementation(() => levels.push(level)),
    );
    logReply(line);
    for (const spy of spies) spy.mockRestore();
    return levels;
  }

  it.each<[ErrorCode, number | null, string]>([
    ['stalled', 5, 'warn'],
    ['stalled', null, 'warn'],
    ['service_misconfigured', null, 'error'],
  ])('of a failure (%s, first word after %s ms) is %s', (code, firstTokenMs, level) => {
    expect(levelOf(lineOf(new ChatError(code), firstTokenMs))).toEqual([level]);
  });

  it('of a reply that is complete or was stopped is info', () => {
    expect(levelOf(describeReply(RECORD))).toEqual(['info']);
    expect(levelOf(describeReply({ ...RECORD, end: { type: 'reply-stopped' } }))).toEqual(['info']);
  });
});
