import { ChatError } from '@/lib/protocol/chat-error';
import { DONE, decodeEvent } from '@/lib/protocol/codec';
import { isTerminal, type ReplyEvent } from '@/lib/protocol/reply-event';
import { createFrameDecoder, type Frame } from './frame-decoder';

/** Events that arrived together. `lastSeq` is the number of the newest, those of unknown types included. */
export type EventBatch = { readonly events: readonly ReplyEvent[]; readonly lastSeq: number };

/**
 * Reads the events of a reply behind the number `after` from its stream; what is not behind it has been read before and is
 * passed over. Yields together what one read brought, also what came before something unreadable. Ends with the terminal
 * event, whatever follows it. Throws `connection_lost` where the stream ends or breaks without one, and
 * `unexpected_response` where it is not a stream of ours, or a number is missing. Leaving early closes the connection.
 *
 * @param onBytes called for every read: comments are signs of life too
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  after = 0,
  onBytes: () => void = () => {},
): AsyncGenerator<EventBatch, void> {
  const decode = createFrameDecoder();
  let lastSeq = after;
  for await (const bytes of readBytes(body)) {
    onBytes();
    const events: ReplyEvent[] = [];
    let failure: unknown;
    try {
      for (const frame of decode(bytes)) {
        if (frame.data === DONE) continue;
        const seq = seqOf(frame, lastSeq);
        if (seq <= lastSeq) continue;
        const event = decodeEvent(frame.data);
        lastSeq = seq;
        if (event) events.push(event);
        if (event && isTerminal(event)) break;
      }
    } catch (error) {
      failure = error;
    }
    if (events.length > 0) yield { events, lastSeq };
    if (events.some(isTerminal)) return;
    if (failure) throw failure;
  }
  throw new ChatError('connection_lost', { cause: 'the stream ended without a terminal event' });
}

async function* readBytes(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw new ChatError('connection_lost', { cause: error });
  } finally {
    // On a stream that broke this rejects with what broke it, which has been thrown already.
    await reader.cancel().catch(() => undefined);
  }
}

/** Numbers have no gaps: one that is missing is text that is missing. */
function seqOf({ id }: Frame, lastSeq: number): number {
  const seq = Number(id);
  if (!Number.isSafeInteger(seq) || seq < 1 || seq > lastSeq + 1) {
    throw new ChatError('unexpected_response', { cause: `event ${id} after ${lastSeq}` });
  }
  return seq;
}
