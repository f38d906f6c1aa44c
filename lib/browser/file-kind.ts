/** What a file is by its first bytes, whatever it is called. */
export type FileKind =
  | { readonly kind: 'image'; readonly mediaType: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' }
  | { readonly kind: 'pdf' }
  /** One that a browser may be able to open, and Claude is not. */
  | { readonly kind: 'other-image' }
  | { readonly kind: 'other' };

/** A PDF may begin with other things (ISO 32000-1, implementation note 13). */
const PDF_WITHIN_BYTES = 1024;

/** How much of a file `fileKindOf` wants to see. */
export const KIND_BYTES = PDF_WITHIN_BYTES + 8;

/** Where a signature stands, and what it is. */
type Signature = readonly [at: number, ...anyOf: string[]];

const isAt = (text: string, [at, ...anyOf]: Signature) => anyOf.some((signature) => text.startsWith(signature, at));

const IMAGES: readonly (readonly [Signature, Extract<FileKind, { kind: 'image' }>['mediaType']])[] = [
  [[0, '\xff\xd8\xff'], 'image/jpeg'],
  [[0, '\x89PNG\r\n\x1a\n'], 'image/png'],
  [[0, 'GIF87a', 'GIF89a'], 'image/gif'],
  [[8, 'WEBP'], 'image/webp'],
];

/** TIFF, icons and JPEG XL; HEIC and AVIF. */
const OTHER_IMAGES: readonly Signature[] = [
  [0, 'II*\0', 'MM\0*', '\0\0\x01\0', '\0\0\0\fJXL ', '\xff\n'],
  [4, ...['heic', 'heix', 'heif', 'hevc', 'mif1', 'msf1', 'avif', 'avis'].map((brand) => `ftyp${brand}`)],
];

/** BMP has two letters alone, with which a text may begin; behind its size there are zeros. */
const isBitmap = (text: string) => text.startsWith('BM') && text.startsWith('\0\0\0\0', 6);

/** @param start the first `KIND_BYTES` bytes */
export function fileKindOf(start: Uint8Array): FileKind {
  const signature = latin1(start);
  const image = IMAGES.find(([known]) => isAt(signature, known));
  if (image) return { kind: 'image', mediaType: image[1] };
  if (signature.slice(0, PDF_WITHIN_BYTES + 5).includes('%PDF-')) return { kind: 'pdf' };
  const isImage = isBitmap(signature) || OTHER_IMAGES.some((known) => isAt(signature, known));
  return { kind: isImage ? 'other-image' : 'other' };
}

/** Each byte as the character of its number. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
