import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import type { FileBlock, RequestMessage } from '@/lib/protocol/chat-request';

type MediaType = FileBlock['mediaType'];

const NAMES: Readonly<Record<MediaType, string>> = {
  'image/jpeg': 'a JPEG image',
  'image/png': 'a PNG image',
  'image/gif': 'a GIF image',
  'image/webp': 'a WebP image',
  'application/pdf': 'a PDF document',
  'text/plain': 'plain text in UTF-8',
};

/** How far behind the beginning a PDF may begin, by old custom of its readers. */
const PDF_HEADER_BYTES = 1024;

const startsWith = (bytes: Buffer, signature: string, at = 0) =>
  bytes.toString('latin1', at, at + signature.length) === signature;

/** By the first bytes of each format, which its specification fixes. */
const IS_WHAT_IT_SAYS: Readonly<Record<MediaType, (bytes: Buffer) => boolean>> = {
  'image/jpeg': (bytes) => startsWith(bytes, '\xff\xd8\xff'),
  'image/png': (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),
  'image/gif': (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a'),
  'image/webp': (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8),
  'application/pdf': (bytes) => bytes.toString('latin1', 0, PDF_HEADER_BYTES).includes('%PDF-'),
  'text/plain': (bytes) => Boolean(textOfFile(bytes)?.trim()),
};

/**
 * Throws `invalid_request` for the first file that is not what it says, naming the place and nothing of what is in it: a
 * file that Claude cannot read would be refused later, in words for a developer.
 */
export function requireRealFiles(messages: readonly RequestMessage[]): void {
  for (const [at, { content }] of messages.entries()) {
    if (typeof content === 'string') continue;
    for (const [index, block] of content.entries()) {
      const problem = block.type === 'text' ? null : findProblem(block);
      if (problem) throw new ChatError('invalid_request', { detail: `messages.${at}.content.${index}: ${problem}` });
    }
  }
}

function findProblem({ mediaType, data }: FileBlock): string | null {
  const bytes = Buffer.from(data, 'base64');
  // The decoder passes over what is no base64; what comes out the same again was all of it.
  if (bytes.length === 0 || bytes.toString('base64') !== data) return 'The data is not base64.';
  return IS_WHAT_IT_SAYS[mediaType](bytes) ? null : `This file is not ${NAMES[mediaType]}.`;
}

/** The text of a file, without its byte order mark; null where it is no text: not UTF-8, or with a NUL in it. */
export function textOfFile(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
