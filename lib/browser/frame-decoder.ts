import { createParser } from 'eventsource-parser';
import { ChatError } from '@/lib/protocol/chat-error';

/** One frame of an event stream. `id` is undefined where the frame names none. */
export type Frame = { readonly id: string | undefined; readonly data: string };

/** A frame that never ends would be buffered without limit; no event of ours comes near this many characters. */
const MAX_FRAME_CHARS = 4_000_000;

/**
 * Decodes the bytes of an event stream (WHATWG HTML, 9.2.6), wherever they are cut: in a frame, a line, a character.
 * Returns the frames that each piece completes; a frame without its blank line at the end of a stream is none. Throws
 * `unexpected_response` for a frame that is too long.
 */
export function createFrameDecoder(maxFrameChars = MAX_FRAME_CHARS): (bytes: Uint8Array) => readonly Frame[] {
  let frames: Frame[] = [];
  const text = new TextDecoder();
  const parser = createParser({
    maxBufferSize: maxFrameChars,
    onEvent: ({ id, data }) => frames.push({ id, data }),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw new ChatError('unexpected_response', { cause: error });
    },
  });
  return (bytes) => {
    frames = [];
    parser.feed(text.decode(bytes, { stream: true }));
    return frames;
  };
}
