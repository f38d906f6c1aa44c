import { ChatError } from '@/lib/protocol/chat-error';
import { DONE, decodeEvent } from '@/lib/protocol/codec';
import { isTerminal, type ReplyEvent } from '@/lib/protocol/reply-event';
import { createFrameDecoder, type Frame } from './frame-decoder';

/**
 * Reads the events of a reply from its stream. Yields together what one read brought, also what came before something
 * unreadable. Ends with the terminal event, whatever follows it. Throws `connection_lost` where the stream ends or breaks
 * without one, and `unexpected_response` where it is not a stream of ours. Leaving early closes the connection.
 *
 * @param onBytes called for every read: comments are signs of life too
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void = () => {},
): AsyncGenerator<readonly ReplyEvent[], void> {
  const decode = createFrameDecoder();
  let lastSeq = 0;
  for await (const bytes of readBytes(body)) {
    onBytes();
    const events: ReplyEvent[] = [];
    let failure: unknown;
    try {
      for (const frame of decode(bytes)) {
        if (frame.data === DONE) continue;
        lastSeq = nextSeq(frame, lastSeq);
        const event = decodeEvent(frame.data);
        if (event) events.push(event);
        if (event && isTerminal(event)) break;
      }
    } catch (error) {
      failure = error;
    }
    if (events.length > 0) yield events;
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
function nextSeq(frame: Frame, lastSeq: number): number {
  const seq = Number(frame.id);
  if (seq !== lastSeq + 1) throw new ChatError('unexpected_response', { cause: `event ${frame.id} after ${lastSeq}` });
  return seq;
}
