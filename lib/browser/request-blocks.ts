import type { Attachment } from '@/lib/chat/attachment';
import type { RequestTurn, TurnPart } from '@/lib/chat/user-content';
import { ChatError } from '@/lib/protocol/chat-error';
import { IMAGE_TYPES, type RequestBlock, type RequestMessage } from '@/lib/protocol/chat-request';
import { toBase64 } from './base64';

/** Gives what is in a file that was attached; null where it is not there any more. */
export type ReadFile = (id: string) => Promise<Blob | null>;

/** The turns as they are sent, where none of them has a file; else null. */
export function withoutFiles(turns: readonly RequestTurn[]): readonly RequestMessage[] | null {
  return turns.every((turn): turn is RequestTurn & { content: string } => typeof turn.content === 'string')
    ? turns
    : null;
}

/**
 * The turns with what is in their files. The same turns always give the same bytes. A file of an earlier question that is not
 * there any more is only named.
 *
 * @throws {ChatError} `file_missing` where it is one of the last question, which is what the answer is to be about
 */
export async function withFiles(turns: readonly RequestTurn[], readFile: ReadFile): Promise<readonly RequestMessage[]> {
  const messages: RequestMessage[] = [];
  for (const { role, content } of turns) {
    if (typeof content === 'string') messages.push({ role, content });
    else {
      const isLast = messages.length === turns.length - 1;
      messages.push({ role, content: await Promise.all(content.map((part) => toBlock(part, readFile, isLast))) });
    }
  }
  return messages;
}

async function toBlock(part: TurnPart, readFile: ReadFile, isRequired: boolean): Promise<RequestBlock> {
  if (part.type === 'text') return part;
  const { attachment, isEarlier = false } = part;
  const blob = await readFile(attachment.id).catch(() => null);
  if (blob) return blockOf(attachment, blob);
  if (isRequired && !isEarlier) throw new ChatError('file_missing');
  return { type: 'text', text: `[${attachment.name}, no longer available]` };
}

async function blockOf({ kind, name, mediaType }: Attachment, blob: Blob): Promise<RequestBlock> {
  if (kind === 'text') return { type: 'text', text: inFile(name, await blob.text()) };
  const data = await toBase64(blob);
  const imageType = IMAGE_TYPES.find((type) => type === mediaType);
  if (imageType) return { type: 'image', mediaType: imageType, data };
  return { type: 'document', mediaType: 'application/pdf', data, name };
}

/** A text is told from what is said about it by tags, as Claude knows them. */
function inFile(name: string, text: string): string {
  return `<file name="${name.replaceAll('"', "'")}">\n${text}\n</file>`;
}
