import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attachment } from '@/lib/chat/attachment';
import type { RequestTurn } from '@/lib/chat/user-content';
import { toBase64 } from './base64';
import { withFiles, withoutFiles } from './request-blocks';

const attachment = (kind: Attachment['kind'], id: string, mediaType: string): Attachment => ({
  id,
  kind,
  name: `${id} "x"`,
  mediaType,
  bytes: 2,
  sentBytes: 3,
});
const turn = (...files: readonly Attachment[]): RequestTurn => ({
  role: 'user',
  content: [
    ...files.map((file) => ({ type: 'attachment' as const, attachment: file })),
    { type: 'text' as const, text: 'Why?' },
  ],
});
const picture = attachment('image', 'a', 'image/png');
const paper = attachment('pdf', 'b', 'application/pdf');
const note = attachment('text', 'c', 'text/plain');
const answered: RequestTurn = { role: 'assistant', content: 'Yes.' };
const read = async (id: string) => new Blob([`in ${id}`]);

describe('a request', () => {
  it('without files needs nothing to be read', () => {
    const turns: readonly RequestTurn[] = [{ role: 'user', content: 'Why?' }, answered];
    expect(withoutFiles(turns)).toBe(turns);
    expect(withoutFiles([turn(picture)])).toBeNull();
  });

  it('has what is in its files, by their kinds', async () => {
    expect(await withFiles([turn(picture, paper, note)], read)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', mediaType: 'image/png', data: btoa('in a') },
          { type: 'document', mediaType: 'application/pdf', data: btoa('in b'), name: 'b "x"' },
          { type: 'text', text: `<file name="c 'x'">\nin c\n</file>` },
          { type: 'text', text: 'Why?' },
        ],
      },
    ]);
  });

  it('names a file of an earlier turn that is gone, and is not sent without one of the last', async () => {
    const partly = async (id: string) => (id === 'a' ? null : read(id));
    const [first] = await withFiles([turn(picture), answered, turn(paper)], partly);
    expect(first?.content).toEqual([
      { type: 'text', text: '[a "x", no longer available]' },
      { type: 'text', text: 'Why?' },
    ]);
    await expect(withFiles([turn(paper), answered, turn(picture)], partly)).rejects.toMatchObject({
      code: 'file_missing',
    });
    await expect(withFiles([turn(paper)], () => Promise.reject(new Error()))).rejects.toMatchObject({
      code: 'file_missing',
    });
  });
  it('is sent without a file of a question that brought no answer, where that is gone: another one is asked', async () => {
    const earlier = { type: 'attachment', attachment: picture, isEarlier: true } as const;
    const [asked] = await withFiles([{ role: 'user', content: [earlier] }], async () => null);
    expect(asked?.content).toEqual([{ type: 'text', text: '[a "x", no longer available]' }]);
  });
});

it('bytes are Base64 as any other program writes it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      expect(await toBase64(new Blob([new Uint8Array(bytes)]))).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
  const large = new Uint8Array(100_003).map((_, at) => at * 7);
  expect(await toBase64(new Blob([large]))).toBe(Buffer.from(large).toString('base64'));
});
