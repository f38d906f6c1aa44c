import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attachment,
  imageBytesFor,
  MAX_FILE_BYTES,
  MAX_FILES_BYTES,
  MAX_TURNS_BYTES,
  sentBytesOf,
  sentTextBytesOf,
  sizeText,
} from './attachment';
import type { AssistantMessage, Message, UserMessage } from './chat-state';
import { toRequestMessages } from './request-messages';
import { fitOf, requestSize } from './request-size';

const file = (id: string, bytes = 100): Attachment => ({
  id,
  kind: 'pdf',
  name: `${id}.pdf`,
  mediaType: 'application/pdf',
  bytes,
  sentBytes: sentBytesOf(bytes, `${id}.pdf`),
});
const image = (id: string): Attachment => ({ ...file(id), kind: 'image', width: 1, height: 1 });
const asked = (text: string, attachments: readonly Attachment[] = [], rest = {}): UserMessage => ({
  id: text,
  parentId: null,
  role: 'user',
  text,
  createdAt: 0,
  ...(attachments.length > 0 && { attachments }),
  ...rest,
});
const answer = (text: string, stopReason = 'end_turn'): AssistantMessage => ({
  id: `answer ${text}`,
  parentId: null,
  role: 'assistant',
  content: text === '' ? [] : [{ type: 'text', text }],
  thinkingMs: null,
  end: {
    status: 'complete',
    stopReason,
    usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
    timing: { firstTokenMs: 1, totalMs: 1 },
  },
  createdAt: 0,
});

describe('what Claude is told of files', () => {
  const attachment = (of: Attachment) => ({ type: 'attachment', attachment: of });

  it('stands before the words, in its order', () => {
    expect(toRequestMessages([asked('Why?', [file('a'), image('b')])])).toEqual([
      { role: 'user', content: [attachment(file('a')), attachment(image('b')), { type: 'text', text: 'Why?' }] },
    ]);
  });

  it('needs no words', () => {
    expect(toRequestMessages([asked('', [file('a')])])).toEqual([{ role: 'user', content: [attachment(file('a'))] }]);
  });

  it('is joined where a question had no answer, and left out with a refused one', () => {
    const failed = answer('');
    expect(toRequestMessages([asked('1', [file('a')]), failed, asked('2', [file('b')])])).toEqual([
      {
        role: 'user',
        content: [
          { ...attachment(file('a')), isEarlier: true },
          attachment(file('b')),
          { type: 'text', text: '1\n\n2' },
        ],
      },
    ]);
    expect(toRequestMessages([asked('1', [file('a')]), answer('No.', 'refusal'), asked('2')])).toEqual([
      { role: 'user', content: '2' },
    ]);
  });

  it('is the same in every later request', () => {
    const messages: Message[] = [asked('1', [file('a')]), answer('Yes.'), asked('2', [file('b')])];
    const later = toRequestMessages([...messages, answer('No.'), asked('3')]);
    expect(later.slice(0, 3)).toEqual(toRequestMessages(messages));
  });

  it('is only a name before the last message that left earlier files behind', () => {
    const messages = [asked('1', [file('a')]), answer('Yes.'), asked('2', [file('b')], { leavesFiles: true })];
    const told = [
      { role: 'user', content: '[a.pdf, not sent again]\n\n1' },
      { role: 'assistant', content: 'Yes.' },
      { role: 'user', content: [attachment(file('b')), { type: 'text', text: '2' }] },
    ];
    expect(toRequestMessages(messages)).toEqual(told);
    expect(toRequestMessages([...messages, answer('No.'), asked('3')]).slice(0, 3)).toEqual(told);
    const again = toRequestMessages([...messages, answer('No.'), asked('3', [], { leavesFiles: true })]);
    expect(again[2]).toEqual({ role: 'user', content: '[b.pdf, not sent again]\n\n2' });
  });
});

describe('the size of a request', () => {
  it('is never less than that of its JSON', () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, fc.nat({ max: 500 })), { minLength: 1 }), (turns) => {
        const messages = turns.flatMap(([name, words, bytes]) => [
          asked(words, [{ ...file('f', bytes), name, sentBytes: sentBytesOf(bytes, name) }]),
          answer('Yes.'),
        ]);
        const body = toRequestMessages(messages).map(({ role, content }) => ({
          role,
          content:
            typeof content === 'string'
              ? content
              : content.map((part) =>
                  part.type === 'text'
                    ? part
                    : {
                        type: 'document',
                        mediaType: part.attachment.mediaType,
                        data: 'A'.repeat(Math.ceil(part.attachment.bytes / 3) * 4),
                        name: part.attachment.name,
                      },
                ),
        }));
        expect(requestSize(messages).bytes).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(body)) - 2);
      }),
    );
  });

  it('counts what is escaped in a text', () => {
    expect(sentTextBytesOf('\u0001"é', 'a') - sentTextBytesOf('', 'a')).toBe(6 + 2 + 2);
  });

  it('has room for the largest file, and some words', () => {
    expect(sentBytesOf(MAX_FILE_BYTES, 'x'.repeat(255))).toBeLessThan(MAX_FILES_BYTES);
    expect(fitOf([], asked('x'.repeat(100_000), [file('a', MAX_FILE_BYTES)]))).toBe('fits');
    for (const count of [1, 5, 20]) {
      expect(count * sentBytesOf(imageBytesFor(count), 'image.png')).toBeLessThan(MAX_FILES_BYTES);
    }
  });
});

describe('a message', () => {
  const earlier = [asked('1', [file('a', 2_000_000)]), answer('Yes.')];

  it('without files, in a chat without any, fits as far as is known', () => {
    expect(fitOf([asked('x'.repeat(MAX_TURNS_BYTES)), answer('Yes.')], asked('2'))).toBe('fits');
  });

  it('fits beside earlier files, or without them, or never', () => {
    expect(fitOf(earlier, asked('2', [file('b', 500_000)]))).toBe('fits');
    expect(fitOf(earlier, asked('2', [file('b', 2_000_000)]))).toBe('without-earlier');
    const long = [asked('x'.repeat(2_000_000)), answer('Yes.')];
    expect(fitOf(long, asked('2', [file('b', 2_000_000)]))).toBe('never');
  });

  it('has no more than twenty images before it', () => {
    const images = Array.from({ length: 20 }, (_, number) => image(String(number)));
    expect(fitOf([asked('1', images), answer('Yes.')], asked('2'))).toBe('fits');
    expect(fitOf([asked('1', images), answer('Yes.')], asked('2', [image('b')]))).toBe('without-earlier');
  });
});

it('a size is said in the units of file managers', () => {
  expect([0, 999, 1000, 20_400, 999_499, 999_500, 2_849_000, 20_000_000].map(sizeText)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 kB',
    '20 kB',
    '999 kB',
    '0.9 MB',
    '2.8 MB',
    '20 MB',
  ]);
});
