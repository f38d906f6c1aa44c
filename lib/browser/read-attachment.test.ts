import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '@/lib/chat/attachment';
import { readAttachment } from './read-attachment';

type Bytes = string | Uint8Array<ArrayBuffer>;

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const fileOf = (content: Bytes, name = 'file', type = '') => new File([content], name, { type });

/** A browser that opens every image, and makes it smaller by far. */
const scale = async () => ({ blob: new Blob(['small'], { type: 'image/jpeg' }), width: 8, height: 6 });
const blind = async () => null;

const read = (file: File, over = {}) => readAttachment(file, { id: 'f', maxImageBytes: 1000, scale, ...over });

const PNG = bytes('\x89PNG\r\n\x1a\n more');

describe('a file that is chosen', () => {
  it.each([
    ['a JPEG', bytes('\xff\xd8\xff\xe0 more'), 'image'],
    ['a PNG', PNG, 'image'],
    ['a GIF', 'GIF89a more', 'image'],
    ['a WebP', 'RIFF1234WEBP', 'image'],
    ['a HEIC', bytes('\0\0\0\x18ftypheic'), 'image'],
    ['a TIFF', bytes('II*\0 more'), 'image'],
    ['a PDF', '%PDF-1.7', 'pdf'],
    ['a PDF behind other things', `${'\n'.repeat(1000)}%PDF-1.7`, 'pdf'],
    ['a text', 'Hello', 'text'],
    ['a text in which a PDF is named late', `${' '.repeat(1100)}%PDF-1.7`, 'text'],
    ['a text that begins as a bitmap', 'BM: see below', 'text'],
    ['a drawing in SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'text'],
  ] as const)('is known by its bytes, whatever it is called: %s', async (_, content, kind) => {
    expect(await read(fileOf(content, 'wrong.exe', 'application/x-wrong'))).toMatchObject({ attachment: { kind } });
  });

  it.each([
    ['nothing', '', 'empty'],
    ['only the mark of UTF-8', '\ufeff', 'empty'],
    ['a zero', bytes('a\0b'), 'unknown-kind'],
    ['text in Latin-1', bytes('caf\xe9 au lait'), 'unknown-kind'],
    ['an archive', bytes('PK\x03\x04\x00\xff'), 'unknown-kind'],
    ['a locked PDF', '%PDF-1.7 trailer<</Encrypt 12 0 R>>', 'locked'],
    ['a PDF that is locked in place', '%PDF-1.7 trailer<</Encrypt <</Filter/Standard>>>>', 'locked'],
    ['a large PDF', `%PDF-1.7${' '.repeat(MAX_FILE_BYTES)}`, 'too-large'],
    ['a large text', 'é'.repeat(MAX_FILE_BYTES), 'too-large'],
    ['a large archive', bytes(`PK\x03\x04\x00\xff${' '.repeat(MAX_FILE_BYTES)}`), 'unknown-kind'],
  ] as const)('with %s is refused', async (_, content, problem) => {
    expect(await read(fileOf(content))).toEqual({ problem });
  });

  it('is an image that cannot be opened, where it is none although it says so', async () => {
    expect(await read(fileOf(bytes('\x00\xff'), 'a.png', 'image/png'))).toEqual({ problem: 'unknown-image' });
    expect(await read(fileOf(PNG), { scale: blind })).toEqual({ problem: 'unknown-image' });
  });

  it('that cannot be read any more is said to be so', async () => {
    const gone = Object.assign(fileOf('x'), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    });
    expect(await read(gone)).toEqual({ problem: 'unreadable' });
  });

  it('is a text without the mark before it', async () => {
    const found = await read(fileOf('\ufeffLine\r\n', 'a.txt'));
    if ('problem' in found) throw new Error(found.problem);
    expect(await found.blob.text()).toBe('Line\r\n');
    expect(found.attachment).toEqual({
      id: 'f',
      kind: 'text',
      name: 'a.txt',
      mediaType: 'text/plain',
      bytes: 6,
      sentBytes: expect.any(Number),
    });
  });

  it('has the size and the kind of what its picture became', async () => {
    expect(await read(fileOf(PNG, 'a.png'))).toMatchObject({
      attachment: { name: 'a.png', mediaType: 'image/jpeg', bytes: 5, width: 8, height: 6 },
    });
  });
});
