import { type Attachment, MAX_FILE_BYTES, sentBytesOf, sentTextBytesOf } from '@/lib/chat/attachment';
import type { FileProblem } from '@/lib/chat/file-problem';
import { fileKindOf, KIND_BYTES, latin1 } from './file-kind';
import { type Picture, scaleImage } from './scale-image';

/** A file that can be sent, or why it cannot. */
export type ReadAttachment =
  | { readonly attachment: Attachment; readonly blob: Blob }
  | { readonly problem: FileProblem };

export type ReadOptions = {
  readonly id: string;
  /** What a picture may take. */
  readonly maxImageBytes: number;
  readonly scale?: typeof scaleImage;
};

/** Larger pictures are no photographs, and opening one may take more memory than the tab has. */
const MAX_IMAGE_FILE_BYTES = 60_000_000;

/** Reads what somebody has chosen. Never rejects. What comes of it does not change when the file does. */
export async function readAttachment(file: File, options: ReadOptions): Promise<ReadAttachment> {
  try {
    if (file.size === 0) return { problem: 'empty' };
    const start = new Uint8Array(await file.slice(0, KIND_BYTES).arrayBuffer());
    const found = fileKindOf(start);
    const isImage = found.kind === 'image' || found.kind === 'other-image';
    if (file.size > (isImage ? MAX_IMAGE_FILE_BYTES : MAX_FILE_BYTES)) {
      return { problem: isImage || found.kind === 'pdf' || isText(start) ? 'too-large' : 'unknown-kind' };
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (found.kind === 'pdf') return readPdf(file.name, bytes, options);
    if (found.kind === 'other') return readText(file, bytes, options);
    return await readImage(file.name, bytes, found.kind === 'image' ? found.mediaType : null, options);
  } catch {
    return { problem: 'unreadable' };
  }
}

async function readImage(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  mediaType: string | null,
  { id, maxImageBytes, scale = scaleImage }: ReadOptions,
): Promise<ReadAttachment> {
  const picture: Picture | null = await scale(bytes, { mediaType, maxBytes: maxImageBytes });
  if (!picture) return { problem: 'unknown-image' };
  const { blob, width, height } = picture;
  const size = { bytes: blob.size, sentBytes: sentBytesOf(blob.size, name), width, height };
  return { attachment: { id, kind: 'image', name, mediaType: blob.type, ...size }, blob };
}

/** The dictionary that says how a PDF is locked (ISO 32000-1, 7.6) is itself never compressed: it is named in plain words. */
const LOCKED = /\/Encrypt(?:\s+\d+\s+\d+\s+R\b|\s*<<)/;

function readPdf(name: string, bytes: Uint8Array<ArrayBuffer>, { id }: ReadOptions): ReadAttachment {
  if (LOCKED.test(latin1(bytes))) return { problem: 'locked' };
  const mediaType = 'application/pdf';
  const size = { bytes: bytes.length, sentBytes: sentBytesOf(bytes.length, name) };
  return { attachment: { id, kind: 'pdf', name, mediaType, ...size }, blob: new Blob([bytes], { type: mediaType }) };
}

function readText({ name, type }: File, bytes: Uint8Array, { id }: ReadOptions): ReadAttachment {
  const text = decode(bytes);
  // What says that it is an image, and is none, is rather a damaged image than anything else.
  if (text === null) return { problem: type.startsWith('image/') ? 'unknown-image' : 'unknown-kind' };
  if (text === '') return { problem: 'empty' };
  const sentBytes = sentTextBytesOf(text, name);
  const mediaType = 'text/plain';
  const blob = new Blob([text], { type: mediaType });
  return { attachment: { id, kind: 'text', name, mediaType, bytes: blob.size, sentBytes }, blob };
}

/** The text without the mark that may stand before it; null where it is none, or not in UTF-8. */
function decode(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether a file begins as a text; its last character may be cut. */
function isText(start: Uint8Array): boolean {
  return decode(start.subarray(0, start.findLastIndex((byte) => byte < 0x80) + 1)) !== null;
}
