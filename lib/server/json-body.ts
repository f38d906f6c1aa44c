import 'server-only';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';

/** Below the 4.5 MB that serverless platforms accept, and room for a conversation that fills a large context. */
const MAX_BODY_BYTES = 4_000_000;

/** A piece costs the same however small it is: four million of one byte take half a minute and half a gigabyte. */
const MAX_PIECES = 20_000;

/**
 * Reads a JSON body, counting bytes while it arrives: the platform sets no limit of its own. Throws
 * `unsupported_media_type`, `request_too_large` or `invalid_request`.
 */
export async function readJsonBody(request: Request, maxBytes = MAX_BODY_BYTES): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) throw new ChatError('unsupported_media_type');
  // Nothing is unpacked here: a few kilobytes may hold gigabytes.
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new ChatError('unsupported_media_type');
  const bytes = await readBytes(request, maxBytes).catch((error: unknown) => {
    // The client left in the middle of its own request.
    throw toChatError(error, 'invalid_request');
  });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ChatError('invalid_request', { detail: 'The body is not JSON.', cause: error });
  }
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length')) > maxBytes) throw new ChatError('request_too_large');
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of request.body ?? []) {
    total += chunk.byteLength;
    if (total > maxBytes || chunks.length === MAX_PIECES) throw new ChatError('request_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
