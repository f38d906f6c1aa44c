import { describe, expect, it } from 'vitest';
import { type FileBlock, IMAGE_TYPES } from '@/lib/protocol/chat-request';
import { requireRealFiles } from './attached-files';

/** The beginning of a file of each kind, and something behind it. */
const BEGINNINGS: Readonly<Record<FileBlock['mediaType'], string>> = {
  'image/jpeg': '\xff\xd8\xff\xe0\x00\x10JFIF',
  'image/png': '\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR',
  'image/gif': 'GIF89a\x01\x00',
  'image/webp': 'RIFF\x24\x00\x00\x00WEBPVP8 ',
  'application/pdf': '%PDF-1.7\n%\xe2\xe3',
  'text/plain': 'Some words.',
};
const TYPES = Object.keys(BEGINNINGS) as FileBlock['mediaType'][];

const base64 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64');

function fileOf(mediaType: FileBlock['mediaType'], bytes: string): FileBlock {
  const data = base64(bytes);
  const image = IMAGE_TYPES.find((type) => type === mediaType);
  if (image) return { type: 'image', mediaType: image, data };
  return { type: 'document', mediaType: mediaType === 'text/plain' ? mediaType : 'application/pdf', data };
}

const check = (block: FileBlock) =>
  requireRealFiles([
    { role: 'user', content: 'Earlier.' },
    { role: 'user', content: [{ type: 'text', text: 'Look:' }, block] },
  ]);

const refusal = (detail: string) =>
  expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(detail) });

describe('a file of a message', () => {
  it.each(TYPES)('passes where it is what it says: %s', (mediaType) => {
    expect(() => check(fileOf(mediaType, BEGINNINGS[mediaType]))).not.toThrow();
  });

  const mismatches = TYPES.flatMap((says) =>
    TYPES.filter((is) => is !== says && !(says === 'text/plain' && is === 'application/pdf')).map((is) => [is, says]),
  );

  it.each(mismatches as [FileBlock['mediaType'], FileBlock['mediaType']][])(
    'is refused where it is %s and says that it is %s',
    (is, says) => {
      const bytes = says === 'text/plain' ? `${BEGINNINGS[is]}\x00\xff` : BEGINNINGS[is];
      expect(() => check(fileOf(says, bytes))).toThrow(refusal('messages.1.content.1: This file is not'));
    },
  );

  it('is refused in a sentence for a person', () => {
    const file = fileOf('image/png', BEGINNINGS['image/jpeg']);
    expect(() => check(file)).toThrow(refusal('This file is not a PNG image.'));
  });

  it.each([
    ['empty', ''],
    ['of the url-safe alphabet', `${base64(BEGINNINGS['image/png'])}_-`],
    ['broken into lines', `${base64(BEGINNINGS['image/png'])}\n`],
    ['without its padding', 'iVBORw0KGgo'],
    ['a data URL', `data:image/png;base64,${base64(BEGINNINGS['image/png'])}`],
    ['words', 'not base64 at all!'],
  ])('is refused where its data is no base64: %s', (_what, data) => {
    expect(() => check({ type: 'image', mediaType: 'image/png', data })).toThrow(refusal('not base64'));
  });

  it.each([
    ['with a NUL', 'a\x00b'],
    ['in another encoding', 'caf\xe9'],
    ['of white space', ' \n\t'],
  ])('is no text %s', (_what, bytes) => {
    expect(() => check(fileOf('text/plain', bytes))).toThrow(refusal('not plain text'));
  });

  it('is a PDF also where something stands before it, and none where it begins too late', () => {
    expect(() => check(fileOf('application/pdf', `junk\n${BEGINNINGS['application/pdf']}`))).not.toThrow();
    const late = ' '.repeat(1024) + BEGINNINGS['application/pdf'];
    expect(() => check(fileOf('application/pdf', late))).toThrow(refusal('not a PDF document'));
  });

  it('is not quoted in what is said of it', () => {
    const secret = 'the secret in the file';
    expect(() => check(fileOf('image/png', secret))).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(new RegExp(`${secret}|${base64(secret)}`)) }),
    );
  });
});
