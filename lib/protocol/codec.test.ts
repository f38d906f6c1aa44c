import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatError } from './chat-error';
import { decodeEvent, encodeDone, encodeEvent, HEARTBEAT, HEARTBEAT_MS } from './codec';
import type { ReplyEvent } from './reply-event';

/** Any text that JavaScript can hold, halves of characters included. */
const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));
const hardText = fc.constantFrom(
  '\n',
  '\r\n\r\n',
  '\n\ndata: [DONE]\n\n',
  '\u2028\u2029',
  '\ud800',
  'é🦜',
  '\0',
  '"\\',
);
const text = fc.oneof(anyText, hardText);
const count = fc.nat();
const usage = fc.record({ inputTokens: count, outputTokens: count, cacheReadTokens: count, cacheWriteTokens: count });

const anyEvent: fc.Arbitrary<ReplyEvent> = fc.oneof(
  fc.record({
    type: fc.constant('reply-start' as const),
    replyId: text,
    model: text,
    resumable: fc.boolean(),
    simulated: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('reply-waiting' as const),
    reason: fc.constant('overloaded' as const),
    retryInMs: count,
  }),
  fc.record({ type: fc.constantFrom('thinking-delta' as const, 'text-delta' as const), text }),
  fc.record({
    type: fc.constant('reply-end' as const),
    stopReason: text,
    usage,
    timing: fc.record({ firstTokenMs: fc.option(count), totalMs: count }),
  }),
  fc.record({ type: fc.constant('reply-stopped' as const), usage }),
  fc.record({
    type: fc.constant('reply-error' as const),
    error: fc.record({
      code: fc.constant('stalled' as const),
      message: text,
      retryable: fc.boolean(),
      requestId: text,
    }),
  }),
);

/** The payload of a frame, whose form is pinned here once more. */
function payloadOf(frame: string, seq: number): string {
  const [id, data, ...rest] = frame.split('\n');
  expect(frame).not.toContain('\r');
  expect([id, data?.slice(0, 6), rest]).toEqual([`id: ${seq}`, 'data: ', ['', '']]);
  return data?.slice(6) ?? '';
}

describe('the codec', () => {
  it('gives back every event whatever its texts hold, and its number is in the frame', () => {
    const property = fc.property(fc.integer({ min: 1 }), anyEvent, (seq, event) => {
      expect(decodeEvent(payloadOf(encodeEvent(seq, event), seq))).toEqual(event);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('writes heartbeats as comments and the last frame without a number', () => {
    expect(HEARTBEAT).toMatch(/^:.*\n\n$/);
    expect(encodeDone()).toBe('data: [DONE]\n\n');
  });

  it('has a heartbeat often enough for proxies that close what is silent for 15 seconds', () => {
    expect(HEARTBEAT_MS).toBeGreaterThan(0);
    expect(HEARTBEAT_MS).toBeLessThanOrEqual(15_000);
  });

  it('gives null for an event of a type that it does not know', () => {
    expect(decodeEvent('{"type":"tool-call","name":"x"}')).toBeNull();
    expect(decodeEvent('{"type":"toString"}')).toBeNull();
  });

  it.each([
    '',
    'Hello',
    '<html>',
    'null',
    '1',
    '"text-delta"',
    '[]',
    '{}',
    '{"type":1}',
    '{"type":"text-delta"}',
    '{"type":"text-delta","text":null}',
    '{"type":"thinking-delta","text":["a"]}',
    '{"type":"reply-start","model":"m"}',
    '{"type":"reply-waiting","reason":"overloaded"}',
    '{"type":"reply-end"}',
    '{"type":"reply-end","stopReason":"end_turn","usage":{}}',
    '{"type":"reply-end","stopReason":"end_turn","usage":null,"timing":{}}',
    '{"type":"reply-error"}',
    '{"type":"reply-error","error":{"code":"toString","message":"","requestId":""}}',
    '{"type":"reply-error","error":{"code":"stalled","requestId":""}}',
  ])('takes %s for no event: unexpected_response', (data) => {
    expect(() => decodeEvent(data)).toThrow(
      expect.objectContaining({ name: 'ChatError', code: 'unexpected_response' }),
    );
  });

  it('throws nothing but unexpected_response, whatever it is given', () => {
    const property = fc.property(fc.oneof(fc.string(), fc.json()), (data) => {
      try {
        decodeEvent(data);
      } catch (error) {
        expect((error as ChatError).code).toBe('unexpected_response');
      }
    });
    fc.assert(property);
  });
});
