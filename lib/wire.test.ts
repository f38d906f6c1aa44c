import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents } from '@/lib/browser/event-reader';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { streamReply } from '@/lib/server/event-stream';
import { handFed, START, STOPPED } from '@/lib/server/hand-fed.fixture';

/** What the browser reads of a reply behind a number. */
async function readFrom(after: number, events: readonly ReplyEvent[]): Promise<ReplyEvent[]> {
  const { reply, say } = handFed();
  say(...events);
  const seen: ReplyEvent[] = [];
  const stream = streamReply(reply, { after, signal: new AbortController().signal, canReturn: true });
  for await (const batch of readEvents(stream, after)) seen.push(...batch.events);
  return seen;
}

describe('what the server writes', () => {
  it('is what the browser reads, event for event, from wherever it was', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n\n', '\r', '\u2028', '\ud83e', 'data: x'));
    const delta = fc.record({ type: fc.constantFrom('text-delta' as const, 'thinking-delta' as const), text });
    const property = fc.asyncProperty(fc.array(delta), fc.nat(), async (deltas, place) => {
      const events = [START, ...deltas, STOPPED];
      const after = place % events.length;
      expect(await readFrom(after, events)).toEqual(events.slice(after));
    });
    await fc.assert(property);
  });

  it('is left to run on when the browser leaves, for it may come back', async () => {
    const { reply, say, clock, ends } = handFed();
    say(START);
    for await (const _batch of readEvents(
      streamReply(reply, { after: 0, signal: new AbortController().signal, canReturn: true }),
    ))
      break;
    expect(ends).toEqual([]);
    clock.pass(30_000);
    expect(ends).toEqual(['reader_left']);
  });
});
