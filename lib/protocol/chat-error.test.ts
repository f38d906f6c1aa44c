import { describe, expect, it } from 'vitest';
import { ChatError, type ErrorCode, isRetryable, isWireError, statusOf, toChatError } from './chat-error';

/** The contract: a status and whether another try can help. The compiler sees to it that every code is here. */
const CONTRACT: Record<ErrorCode, [status: number, retryable: boolean]> = {
  invalid_request: [400, false],
  request_rejected: [400, false],
  model_unavailable: [400, false],
  conversation_too_long: [400, false],
  not_signed_in: [401, true],
  wrong_password: [401, false],
  sign_in_failed: [303, true],
  not_invited: [303, false],
  too_many_attempts: [429, true],
  access_closed: [403, false],
  cross_origin: [403, false],
  request_too_large: [413, false],
  unsupported_media_type: [415, false],
  rate_limited: [429, true],
  service_misconfigured: [503, false],
  overloaded: [503, true],
  upstream_unreachable: [502, true],
  upstream_failed: [503, true],
  upstream_unreadable: [502, true],
  upstream_cut: [502, true],
  first_byte_timeout: [504, true],
  stalled: [504, true],
  reply_timeout: [504, true],
  too_many_requests: [429, true],
  budget_exhausted: [429, true],
  limits_unavailable: [503, true],
  too_many_replies: [429, true],
  server_busy: [503, true],
  not_found: [404, false],
  reply_not_found: [404, true],
  reader_left: [410, true],
  reply_stopped: [410, true],
  reply_too_large: [502, true],
  restarting: [503, true],
  internal: [500, true],
  offline: [0, true],
  server_unreachable: [0, true],
  connection_lost: [0, true],
  file_missing: [0, false],
  unexpected_response: [0, true],
};

describe('every code', () => {
  it.each(Object.entries(CONTRACT) as [ErrorCode, [number, boolean]][])(
    '%s has a status, a word on retrying, and one plain sentence',
    (code, [status, retryable]) => {
      const error = new ChatError(code);
      expect(statusOf(code)).toBe(status);
      expect(isRetryable(code)).toBe(retryable);
      expect(error.message).toMatch(/^[A-Z].*\.$/);
      expect(error.message).not.toContain('_');
    },
  );
});

describe('ChatError', () => {
  it('on the wire has what a person needs, and never its cause', () => {
    const cause = new Error('the secret cause');
    const wire = new ChatError('rate_limited', { detail: 'Try later.', retryAfterSeconds: 7, cause }).toWire(
      'request-1',
    );
    expect(wire).toEqual({
      code: 'rate_limited',
      message: 'Claude’s rate limit is reached. Try later.',
      retryable: true,
      retryAfterSeconds: 7,
      requestId: 'request-1',
    });
    expect(Object.keys(new ChatError('internal', { cause }).toWire(''))).toEqual([
      'code',
      'message',
      'retryable',
      'requestId',
    ]);
  });

  it('keeps its cause where it happened', () => {
    const cause = new Error('why');
    expect(new ChatError('internal', { cause }).cause).toBe(cause);
  });

  it('says that the next moment is soon enough when the wait is 0 seconds', () => {
    expect(new ChatError('overloaded', { retryAfterSeconds: 0 }).toWire('')).toMatchObject({ retryAfterSeconds: 0 });
  });
});

describe('toChatError', () => {
  it('passes a ChatError on as it is and wraps whatever else was thrown', () => {
    const error = new ChatError('stalled');
    expect(toChatError(error, 'internal')).toBe(error);
    expect(toChatError('a text', 'internal')).toMatchObject({ code: 'internal', cause: 'a text' });
  });
});

describe('isWireError', () => {
  const wire = new ChatError('stalled').toWire('request-1');

  it('is true for what toWire made', () => {
    expect(isWireError(JSON.parse(JSON.stringify(wire)))).toBe(true);
  });

  it.each([
    null,
    undefined,
    'stalled',
    [],
    {},
    { ...wire, code: 'a_code_of_tomorrow' },
    { ...wire, code: 'constructor' },
    { ...wire, message: undefined },
    { ...wire, requestId: 1 },
  ])('is false for %j', (value) => {
    expect(isWireError(value)).toBe(false);
  });
});
