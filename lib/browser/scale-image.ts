import { type ImageSize, scaled, sizeForClaude } from '@/lib/chat/image-size';
import { latin1 } from './file-kind';

/** A picture as it is sent. */
export type Picture = ImageSize & { readonly blob: Blob };

type ScaleOptions = {
  /** What Claude reads; null where it has to become something else. */
  readonly mediaType: string | null;
  readonly maxBytes: number;
};

/**
 * The picture in the size that Claude sees, upright, and without what cameras write beside it, such as the place. It stays
 * as it is where nothing of this is to be done. Null where the browser cannot open it.
 */
export async function scaleImage(bytes: Uint8Array<ArrayBuffer>, options: ScaleOptions): Promise<Picture | null> {
  const { mediaType, maxBytes } = options;
  const original = new Blob([bytes], mediaType === null ? {} : { type: mediaType });
  // Turned as its camera was held: that is the default of every browser.
  const bitmap = await createImageBitmap(original).catch(() => null);
  if (!bitmap) return null;
  try {
    const { width, height } = bitmap;
    const size = sizeForClaude(bitmap);
    const isLargeEnough = size.width === width && size.height === height;
    if (mediaType !== null && isLargeEnough && bytes.length <= maxBytes && !hasMetadata(bytes)) {
      return { blob: original, width, height };
    }
    return await encode(bitmap, size, { isPhoto: mediaType === 'image/jpeg', maxBytes });
  } finally {
    bitmap.close();
  }
}

/** Exif and XMP: where and how a picture was taken, how the camera was held. */
const METADATA = ['Exif\0\0', 'eXIf', 'EXIF', '<x:xmpmeta', 'XML:com.adobe.xmp'];

/** Looked for in what is small enough to stay. */
function hasMetadata(bytes: Uint8Array): boolean {
  const text = latin1(bytes);
  return METADATA.some((mark) => text.includes(mark));
}

type Format = { readonly type: string; readonly quality?: number };

/** What is drawn keeps its edges, and its transparency, where that is not too dear. */
const DRAWN: readonly Format[] = [{ type: 'image/png' }, { type: 'image/webp', quality: 0.9 }];
const PHOTO: readonly Format[] = [
  { type: 'image/jpeg', quality: 0.88 },
  { type: 'image/jpeg', quality: 0.75 },
];

/** By how much it shrinks when no format is small enough. */
const STEP = 0.8;

type EncodeOptions = { readonly isPhoto: boolean; readonly maxBytes: number };

async function encode(bitmap: ImageBitmap, size: ImageSize, { isPhoto, maxBytes }: EncodeOptions): Promise<Picture> {
  // Not every browser writes WebP; the last of them always is.
  const formats = isPhoto ? PHOTO : [...DRAWN, ...PHOTO];
  for (let scale = 1; ; scale *= STEP) {
    const smaller = scaled(size, scale);
    for (const format of formats) {
      const blob = await draw(bitmap, smaller, format);
      if (blob.type === format.type && blob.size <= maxBytes) return { ...smaller, blob };
      if (smaller.width === 1 && smaller.height === 1) return { ...smaller, blob };
    }
  }
}

async function draw(bitmap: ImageBitmap, { width, height }: ImageSize, { type, quality }: Format): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser does not draw');
  if (type === 'image/jpeg') {
    // Where there is nothing it would be black.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas.convertToBlob({ type, ...(quality !== undefined && { quality }) });
}
