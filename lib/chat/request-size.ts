import { ChatError } from '@/lib/protocol/chat-error';
import { filesBytes, jsonBytes, MAX_ATTACHMENTS, MAX_TURNS_BYTES } from './attachment';
import type { Message, UserMessage } from './chat-state';
import { toRequestMessages } from './request-messages';

/**
 * Whether a message can be sent as it is. `without-earlier`: only when the files of earlier messages stay behind. `never`:
 * not in this chat.
 */
export type Fit = 'fits' | 'without-earlier' | 'never';

/** What a person is told of it. */
export const FIT_SENTENCES: Readonly<Record<Exclude<Fit, 'fits'>, string>> = {
  'without-earlier': 'With the files of earlier messages this is too much for one request.',
  never: 'This chat has become too long for these files.',
};

/** The names of a turn's fields and the signs around them. */
const TURN_BYTES = 60;

export type RequestSize = { readonly bytes: number; readonly images: number };

/** What the turns of a request take at most. */
export function requestSize(messages: readonly Message[]): RequestSize {
  let bytes = 0;
  let images = 0;
  for (const { content } of toRequestMessages(messages)) {
    bytes += TURN_BYTES;
    for (const part of typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content) {
      if (part.type === 'text') bytes += TURN_BYTES + jsonBytes(part.text);
      else bytes += filesBytes([part.attachment]);
      if (part.type === 'attachment' && part.attachment.kind === 'image') images += 1;
    }
  }
  return { bytes, images };
}

/** How a message fits behind these. Where there are no files at all it does, as far as it is known here. */
export function fitOf(messages: readonly Message[], next: UserMessage): Fit {
  if (!hasFiles(next) && !messages.some(hasFiles)) return 'fits';
  if (isSmall(requestSize([...messages, next]))) return 'fits';
  const isSmaller = messages.some(hasFiles) && isSmall(requestSize([...messages, { ...next, leavesFiles: true }]));
  return isSmaller ? 'without-earlier' : 'never';
}

/** @throws {ChatError} `request_too_large` where a question does not fit behind the turns before it, which says why */
export function requireFit(messages: readonly Message[]): void {
  const question = messages.at(-1);
  const fit = question?.role === 'user' ? fitOf(messages.slice(0, -1), question) : 'fits';
  if (fit !== 'fits') throw new ChatError('request_too_large', { detail: FIT_SENTENCES[fit] });
}

const isSmall = ({ bytes, images }: RequestSize) => bytes <= MAX_TURNS_BYTES && images <= MAX_ATTACHMENTS;

function hasFiles(message: Message): boolean {
  return message.role === 'user' && (message.attachments?.length ?? 0) > 0;
}
