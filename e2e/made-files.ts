import type { Page } from '@playwright/test';

/** A file as Playwright gives it to a page. */
export type MadeFile = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

export function textFile(name: string, text: string, mimeType = 'text/plain'): MadeFile {
  return { name, mimeType, buffer: Buffer.from(text) };
}

/** A PDF of one page without words, with as many bytes of ballast. */
export function pdfFile(name: string, ballast = 0, trailer = ''): MadeFile {
  const text = [
    '%PDF-1.4',
    '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
    '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj',
    `%${' '.repeat(ballast)}`,
    `trailer<</Size 4/Root 1 0 R${trailer}>>`,
    '%%EOF\n',
  ].join('\n');
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(text) };
}

type ImageOptions = {
  readonly width: number;
  readonly height: number;
  readonly type?: string;
  /** Whether it is full of detail, as a photograph is. */
  readonly isNoisy?: boolean;
};

/** An image: its left half is red, its right half is blue, or the one shines through the other's noise. Drawn by the page. */
export async function imageFile(page: Page, name: string, options: ImageOptions): Promise<MadeFile> {
  const { type = 'image/png' } = options;
  const base64 = await page.evaluate(async ({ width, height, type = 'image/png', isNoisy = false }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.fillStyle = '#d02020';
    context.fillRect(0, 0, width / 2, height);
    context.fillStyle = '#2030d0';
    context.fillRect(width / 2, 0, width / 2, height);
    // Grains of three pixels: they outlive that the picture becomes smaller.
    for (let x = 0; isNoisy && x < width; x += 3) {
      for (let y = 0; y < height; y += 3) {
        context.fillStyle = `rgb(0 0 0 / ${((x * 7919 + y * 104_729 + x * y) % 97) / 200})`;
        context.fillRect(x, y, 3, 3);
      }
    }
    const blob = await canvas.convertToBlob({ type, quality: 0.95 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  }, options);
  return { name, mimeType: type, buffer: Buffer.from(base64, 'base64') };
}

/** The JPEG with what a camera writes into it: that it was held on its side (orientation 6), and where. */
export function withExif({ buffer, ...file }: MadeFile, place: string): MadeFile {
  const entry = Buffer.from('0112000300000001000600000000000001', 'hex').subarray(0, 12);
  const tiff = Buffer.concat([Buffer.from('4d4d002a000000080001', 'hex'), entry, Buffer.alloc(4), Buffer.from(place)]);
  const body = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
  const header = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return { ...file, buffer: Buffer.concat([buffer.subarray(0, 2), header, body, buffer.subarray(2)]) };
}

/** What a person does with files beside choosing them. */
export async function giveFiles(page: Page, how: 'drop' | 'paste', files: readonly MadeFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  await page.evaluate(
    ({ how, given }) => {
      const data = new DataTransfer();
      for (const { name, mimeType, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      const target = document.activeElement ?? document.body;
      const rest = { bubbles: true, cancelable: true };
      if (how === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, ...rest }));
      else target.dispatchEvent(new DragEvent('drop', { dataTransfer: data, ...rest }));
    },
    { how, given },
  );
}
