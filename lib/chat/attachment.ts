/** A file that goes along with a message. What is in it is kept apart, under its id. */
export type Attachment = {
  readonly id: string;
  readonly kind: 'image' | 'pdf' | 'text';
  readonly name: string;
  readonly mediaType: string;
  /** Its size as it is sent, which may be smaller than what was chosen. */
  readonly bytes: number;
  /** What it takes of a request, in bytes of JSON. */
  readonly sentBytes: number;
  /** Pixels, of an image alone. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
};

/** What a message has beside its text; absent where there is nothing. */
export type MessageFiles = {
  readonly attachments?: readonly Attachment[] | undefined;
  /** From here on the files of earlier messages are only named: they would not fit any more. */
  readonly leavesFiles?: boolean | undefined;
};

/** How many files can go with one message. Claude limits the images of a request to a smaller size beyond this number. */
export const MAX_ATTACHMENTS = 20;

/** What a server of ours takes, in bytes of JSON: Vercel's limit is 4.5 MB. */
export const MAX_REQUEST_BYTES = 4_000_000;

/** Kept free of it for the settings that are sent along. */
const OTHER_FIELDS_BYTES = 60_000;

/** What the turns of a request may take. */
export const MAX_TURNS_BYTES = MAX_REQUEST_BYTES - OTHER_FIELDS_BYTES;

/** What the files of one message may take; the rest is for words. */
export const MAX_FILES_BYTES = 3_800_000;

/** The names of a block's fields and the signs around them. */
const BLOCK_BYTES = 200;

/** The largest file that is sent as it is. */
export const MAX_FILE_BYTES = Math.floor((MAX_FILES_BYTES - BLOCK_BYTES) / 4) * 3 - 1000;

/** What bytes take of a request: Base64 (RFC 4648) makes four characters of three. */
export function sentBytesOf(bytes: number, name: string): number {
  return Math.ceil(bytes / 3) * 4 + jsonBytes(name) + BLOCK_BYTES;
}

/** What a text file takes of a request. */
export function sentTextBytesOf(text: string, name: string): number {
  return jsonBytes(text) + jsonBytes(name) + BLOCK_BYTES;
}

/** The size of a text in a request: quotes and what is escaped included. */
export function jsonBytes(text: string): number {
  return new TextEncoder().encode(JSON.stringify(text)).length;
}

/** What the attachments of a message take together. */
export function filesBytes(attachments: readonly Attachment[] = []): number {
  return attachments.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
}

/** A picture is sent in no more bytes than this, so that several fit, and earlier ones beside them. */
const IMAGE_BYTES = { most: 500_000, least: 120_000 } as const;

/** How large each of so many images may be. */
export function imageBytesFor(count: number): number {
  const share = Math.floor((MAX_FILE_BYTES * 0.95) / Math.max(1, count));
  return Math.min(IMAGE_BYTES.most, Math.max(IMAGE_BYTES.least, share));
}

/** The files of a message without anything else, and without fields that it does not have. */
export function filesOf({ attachments, leavesFiles }: MessageFiles): MessageFiles {
  return { ...(attachments?.length && { attachments }), ...(leavesFiles && { leavesFiles }) };
}

/** A size for a person, in the decimal units of file managers. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  return `${(Math.floor(bytes / 100_000) / 10).toFixed(1).replace(/\.0$/, '')} MB`;
}
