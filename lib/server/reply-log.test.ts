import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { HELLO, START, STOPPED } from './hand-fed.fixture';
import { ReplyLog } from './reply-log';

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
const END: ReplyEvent = { type: 'reply-end', stopReason: 'end_turn', usage, timing: { firstTokenMs: 1, totalMs: 2 } };
const FAILURE: ReplyEvent = { type: 'reply-error', error: new ChatError('stalled').toWire('request-1') };

function logOf(...events: readonly ReplyEvent[]): ReplyLog {
  const log = new ReplyLog();
  for (const event of events) log.append(event);
  return log;
}

describe('the log of a reply', () => {
  it('numbers its events from 1', () => {
    expect(logOf().lastSeq).toBe(0);
    expect(logOf(START, HELLO).lastSeq).toBe(2);
  });

  it('is read behind a number, as far as is asked for', () => {
    const log = logOf(START, HELLO, STOPPED);
    expect(log.read(0)).toEqual([START, HELLO, STOPPED]);
    expect(log.read(1)).toEqual([HELLO, STOPPED]);
    expect(log.read(1, 1)).toEqual([HELLO]);
    expect(log.read(3)).toEqual([]);
    expect(log.read(4)).toEqual([]);
  });

  it.each([END, STOPPED, FAILURE])('has ended with a terminal event: $type', (terminal) => {
    expect(logOf(START, HELLO).isEnded).toBe(false);
    expect(logOf(START, HELLO, terminal).isEnded).toBe(true);
  });

  it('knows about how much memory it takes: two bytes for a character, and some for each event', () => {
    const empty = logOf(START, { type: 'text-delta', text: '' }).bytes;
    expect(empty).toBeGreaterThan(0);
    expect(logOf(START, { type: 'thinking-delta', text: '世界' }).bytes).toBe(empty + 4);
    expect(logOf(START, START, START).bytes).toBe(3 * logOf(START).bytes);
  });

  it('tells each listener of each event, when it can be read, until it listens no more', () => {
    const log = logOf(START);
    const one = vi.fn(() => log.lastSeq);
    const other = vi.fn();
    const unlisten = log.listen(one);
    log.listen(other);
    log.append(HELLO);
    unlisten();
    log.append(STOPPED);
    expect(one.mock.results).toEqual([{ type: 'return', value: 2 }]);
    expect(other).toHaveBeenCalledTimes(2);
  });
});
