import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents } from '@/lib/browser/event-reader';
import type { ReplyEvent, TerminalEvent } from '@/lib/protocol/reply-event';
import { streamEvents } from '@/lib/server/event-stream';

const START: ReplyEvent = { type: 'reply-start', replyId: 'r', model: 'm', resumable: false, simulated: false };
const STOPPED: TerminalEvent = { type: 'reply-stopped' };

async function* produce(events: readonly ReplyEvent[]): AsyncGenerator<ReplyEvent, void> {
  yield* events;
}

async function collect(batches: AsyncIterable<readonly ReplyEvent[]>): Promise<ReplyEvent[]> {
  const all: ReplyEvent[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

describe('what the server writes', () => {
  it('is what the browser reads, event for event', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n\n', '\r', '\u2028', '\ud83e', 'data: x'));
    const delta = fc.record({ type: fc.constantFrom('text-delta' as const, 'thinking-delta' as const), text });
    const property = fc.asyncProperty(fc.array(delta), async (deltas) => {
      const events = [START, ...deltas, STOPPED];
      expect(await collect(readEvents(streamEvents(produce(events), new AbortController())))).toEqual(events);
    });
    await fc.assert(property);
  });

  it('is stopped when the browser leaves', async () => {
    const stop = new AbortController();
    for await (const _batch of readEvents(streamEvents(produce([START, STOPPED]), stop))) break;
    expect(stop.signal.aborted).toBe(true);
  });
});
