import { describe, expect, it } from 'vitest';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import type { ContentPart } from '@/lib/protocol/content';
import type { AssistantMessage, ReplyEnd } from './chat-state';
import { canContinue, canEdit, canRetry, isCutShort, isUnsent, needsNewChat, noticeOf } from './notice';

const TEXT: ContentPart = { type: 'text', text: 'Yes.' };
const THINKING: ContentPart = { type: 'thinking', text: 'Hm.' };
const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };

const reply = (end: ReplyEnd, ...content: readonly ContentPart[]): AssistantMessage => ({
  id: 'a',
  parentId: 'q',
  role: 'assistant',
  content,
  thinkingMs: null,
  end,
  createdAt: 0,
});
const complete = (stopReason: string): ReplyEnd => ({
  status: 'complete',
  stopReason,
  usage,
  timing: { firstTokenMs: 5, totalMs: 6 },
});
const broken = (status: 'interrupted' | 'failed', code: ErrorCode = 'stalled'): ReplyEnd => ({
  status,
  error: new ChatError(code).toWire('request-1'),
  retryAt: null,
});

describe('the notice under a reply', () => {
  it('is none when Claude ended its turn and said something', () => {
    expect(noticeOf(reply(complete('end_turn'), THINKING, TEXT))).toBeNull();
  });

  it.each([
    ['max_tokens', 'warning', /length limit/],
    ['model_context_window_exceeded', 'warning', /context window/],
    ['refusal', 'neutral', /did not answer/],
    ['pause_turn', 'warning', /paused/],
    ['stop_sequence', 'neutral', /stop sequence/],
    ['tool_use', 'warning', /tool/],
    ['a_reason_of_tomorrow', 'warning', /a_reason_of_tomorrow/],
    ['toString', 'warning', /toString/],
  ])('says that Claude stopped with %s', (stopReason, tone, detail) => {
    expect(noticeOf(reply(complete(stopReason), TEXT))).toMatchObject({
      tone,
      title: expect.stringMatching(/./),
      detail: expect.stringMatching(detail),
    });
  });

  it('says that all tokens went to thinking', () => {
    expect(noticeOf(reply(complete('max_tokens'), THINKING))?.detail).toMatch(/all tokens went to thinking/i);
    expect(noticeOf(reply(complete('max_tokens'), THINKING, TEXT))?.detail).not.toMatch(/thinking/);
  });

  it.each([[[]], [[THINKING]], [[{ ...TEXT, text: ' \n' }]]])('says that an answer is empty: %j', (content) => {
    expect(noticeOf(reply(complete('end_turn'), ...content))?.title).toBe('Empty answer');
  });

  it('says who stopped it', () => {
    expect(noticeOf(reply({ status: 'stopped' }, TEXT))?.title).toMatch(/^You stopped/);
  });

  it('says with the sentence of the error why it broke off, and whether Claude was still thinking', () => {
    const { message } = new ChatError('stalled');
    expect(noticeOf(reply(broken('interrupted'), TEXT))).toEqual({
      tone: 'error',
      title: 'Interrupted',
      detail: message,
    });
    expect(noticeOf(reply(broken('interrupted'), THINKING))?.title).toBe('Interrupted while thinking');
    expect(noticeOf(reply(broken('failed')))).toEqual({ tone: 'error', title: 'No answer', detail: message });
  });
});

describe('canRetry', () => {
  it.each([
    [true, 'was stopped', { status: 'stopped' } as const],
    [true, 'broke off', broken('interrupted')],
    [true, 'failed', broken('failed')],
    [false, 'failed for good', broken('failed', 'request_rejected')],
    [true, 'failed for its model, of which there are others', broken('failed', 'model_unavailable')],
    [false, 'is complete', complete('end_turn')],
    [false, 'was refused', complete('refusal')],
  ])('is %s when the reply %s', (expected, _how, end) => {
    expect(canRetry(reply(end, TEXT))).toBe(expected);
  });

  it.each([
    [true, 'has no text', complete('end_turn')],
    [true, 'has no text, for its tokens went to thinking', complete('max_tokens')],
    [false, 'has no text, for it was refused', complete('refusal')],
  ])('is %s when the reply is complete and %s', (expected, _how, end) => {
    expect(canRetry(reply(end, THINKING))).toBe(expected);
  });
});

describe('canEdit', () => {
  it.each([
    [true, 'was stopped', { status: 'stopped' } as const],
    [true, 'failed for its question', broken('failed', 'request_rejected')],
    [true, 'failed for a question that was not understood', broken('failed', 'invalid_request')],
    [true, 'failed for a question that is too large', broken('failed', 'request_too_large')],
    [true, 'failed for a conversation that is too long', broken('failed', 'conversation_too_long')],
    [false, 'failed for another reason', broken('failed')],
    [false, 'failed for its model', broken('failed', 'model_unavailable')],
    [false, 'is complete', complete('end_turn')],
  ])('is %s when the reply showed nothing and %s', (expected, _how, end) => {
    expect(canEdit(reply(end))).toBe(expected);
  });

  it('is false where something was shown', () => {
    const stopped = reply({ status: 'stopped' });
    expect(canEdit({ ...stopped, content: [THINKING] })).toBe(false);
  });
});

describe('needsNewChat', () => {
  it.each([
    [true, 'failed for a conversation that is too long', broken('failed', 'conversation_too_long')],
    [true, 'filled the context', complete('model_context_window_exceeded')],
    [false, 'failed for another reason', broken('failed')],
    [false, 'is complete', complete('end_turn')],
    [false, 'was cut off', complete('max_tokens')],
    [false, 'was stopped', { status: 'stopped' } as const],
  ])('is %s when the reply %s', (expected, _how, end) => {
    expect(needsNewChat(reply(end, TEXT))).toBe(expected);
  });
});

describe('isUnsent', () => {
  it.each([
    [true, 'failed for want of a network', broken('failed', 'offline')],
    [false, 'failed at a server that was not there', broken('failed', 'server_unreachable')],
    [false, 'was stopped', { status: 'stopped' } as const],
    [false, 'is complete', complete('end_turn')],
  ])('is %s when the reply %s', (expected, _how, end) => {
    expect(isUnsent(reply(end))).toBe(expected);
  });
});

describe('canContinue', () => {
  it.each([
    [true, 'was stopped', { status: 'stopped' } as const],
    [true, 'broke off', broken('interrupted')],
    [true, 'reached the length limit', complete('max_tokens')],
    [true, 'filled the context window', complete('model_context_window_exceeded')],
    [true, 'paused', complete('pause_turn')],
    [true, 'wanted a tool', complete('tool_use')],
    [false, 'is complete', complete('end_turn')],
    [false, 'was refused', complete('refusal')],
  ])('is %s when the reply %s', (expected, _how, end) => {
    expect(canContinue(reply(end, TEXT))).toBe(expected);
  });

  it('is false where there is no text to go on from', () => {
    expect(canContinue(reply({ status: 'stopped' }, THINKING))).toBe(false);
    expect(canContinue(reply(complete('max_tokens'), THINKING))).toBe(false);
  });
});

describe('isCutShort', () => {
  it('is about how Claude ended, not about the text', () => {
    for (const reason of ['max_tokens', 'model_context_window_exceeded', 'pause_turn', 'tool_use']) {
      expect(isCutShort(reply(complete(reason)))).toBe(true);
    }
    expect(isCutShort(reply(complete('end_turn')))).toBe(false);
    expect(isCutShort(reply(complete('stop_sequence')))).toBe(false);
    expect(isCutShort(reply({ status: 'stopped' }, TEXT))).toBe(false);
  });
});
