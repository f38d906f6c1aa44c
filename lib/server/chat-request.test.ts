import { describe, expect, it } from 'vitest';
import { parseChatRequest } from './chat-request';

const REPLY_ID = 'a'.repeat(22);
const question = { role: 'user', content: 'Hi' };
const answer = { role: 'assistant', content: 'Hello' };
const request = (fields: object = {}) => ({ messages: [question], ...fields });
const png = { type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgoAAAANSUhEUg==' };
const note = { type: 'document', mediaType: 'text/plain', data: 'SGk=', name: 'note.txt' };
const asked = (...content: readonly unknown[]) => request({ messages: [{ role: 'user', content }] });
const turns = (count: number) => Array.from({ length: count }, (_, at) => (at % 2 === 0 ? question : answer));

describe('parseChatRequest', () => {
  it('takes a question with everything that may come with it', () => {
    const body = {
      replyId: REPLY_ID,
      messages: [question, answer, { role: 'user', content: [{ type: 'text', text: 'And now?' }] }],
      model: 'claude-sonnet-5-5',
      system: 'Be brief.',
      thinking: false,
      effort: 'low',
      maxTokens: 100,
    };
    expect(parseChatRequest(body)).toEqual(body);
  });

  it('takes the least that a question needs, and as many turns as are allowed', () => {
    expect(parseChatRequest(request())).toEqual(request());
    expect(parseChatRequest({ messages: turns(1999) }).messages).toHaveLength(1999);
  });

  it('takes files of the person, before a text, behind it or without one', () => {
    const body = asked(png, note, { type: 'text', text: 'What is this?' }, png);
    expect(parseChatRequest(body)).toEqual(body);
    expect(parseChatRequest(asked(png))).toEqual(asked(png));
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'Hi'],
    ['nothing', undefined],
    ['an unknown field', request({ temperature: 1 })],
    ['an unknown field of a message', request({ messages: [{ ...question, name: 'x' }] })],
    [
      'an unknown field of a block',
      request({ messages: [{ role: 'user', content: [{ type: 'text', text: 'a', b: 1 }] }] }),
    ],
    ['no messages', {}],
    ['an empty list of messages', request({ messages: [] })],
    ['more turns than are allowed', request({ messages: turns(2001) })],
    ['messages that are no list', request({ messages: { 0: question } })],
    ['a system turn', request({ messages: [{ role: 'system', content: 'x' }, question] })],
    ['an assistant that begins', request({ messages: [answer, question] })],
    ['an assistant that ends', request({ messages: [question, answer] })],
    ['an empty text', request({ messages: [{ role: 'user', content: '' }] })],
    ['white space for a text', request({ messages: [{ role: 'user', content: ' \n' }] })],
    ['no blocks', request({ messages: [{ role: 'user', content: [] }] })],
    ['an empty block', request({ messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] })],
    ['more blocks than are allowed', asked(...Array(1001).fill({ type: 'text', text: 'a' }))],
    ['a block of another kind', request({ messages: [{ role: 'user', content: [{ type: 'image', data: 'x' }] }] })],
    ['an image of a kind that Claude does not read', asked({ ...png, mediaType: 'image/tiff' })],
    ['an image that is a document', asked({ ...png, mediaType: 'application/pdf' })],
    ['a document of another kind', asked({ ...note, mediaType: 'text/html' })],
    ['an image without data', asked({ type: 'image', mediaType: 'image/png' })],
    ['an image at an address', asked({ type: 'image', mediaType: 'image/png', url: 'https://example.com/a.png' })],
    ['an image with an unknown field', asked({ ...png, cache_control: { type: 'ephemeral' } })],
    ['an image that is none', asked({ ...png, data: 'SGk=' })],
    ['a document with an empty name', asked({ ...note, name: ' ' })],
    ['a document with a name without end', asked({ ...note, name: 'x'.repeat(256) })],
    ['a file of the assistant', request({ messages: [question, { role: 'assistant', content: [png] }, question] })],
    ['a content that is a number', request({ messages: [{ role: 'user', content: 1 }] })],
    ['a message that is null', request({ messages: [null] })],
    ['a short reply id', request({ replyId: 'a'.repeat(21) })],
    ['a long reply id', request({ replyId: 'a'.repeat(129) })],
    ['a reply id that is not url-safe', request({ replyId: `${REPLY_ID}/..` })],
    ['a reply id that ends with a newline', request({ replyId: `${REPLY_ID}\n` })],
    ['an empty system prompt', request({ system: ' ' })],
    ['an unknown effort', request({ effort: 'extreme' })],
    ['thinking that is a text', request({ thinking: 'true' })],
    ['no tokens', request({ maxTokens: 0 })],
    ['a negative number of tokens', request({ maxTokens: -1 })],
    ['half a token', request({ maxTokens: 0.5 })],
    ['tokens as a text', request({ maxTokens: '100' })],
    ['a model that is null', request({ model: null })],
  ])('refuses %s', (_what, body) => {
    expect(() => parseChatRequest(body)).toThrow(
      expect.objectContaining({ name: 'ChatError', code: 'invalid_request' }),
    );
  });

  it('looks no further than the first message that is wrong: a body has room for a million of them', () => {
    const looks: PropertyKey[] = [];
    const watched = new Proxy(question, {
      get: (target, key) => {
        looks.push(key);
        return Reflect.get(target, key);
      },
    });
    expect(() => parseChatRequest({ messages: [question, null, watched] })).toThrow(/messages\.1: /);
    expect(looks).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'refuses the key %s at every level, and takes nothing from it',
    (key) => {
      const evil = `"${key}":{"polluted":1,"prototype":{"polluted":1}}`;
      const texts = [
        `{${evil},"messages":[{"role":"user","content":"Hi"}]}`,
        `{"messages":[{${evil},"role":"user","content":"Hi"}]}`,
        `{"messages":[{"role":"user","content":[{${evil},"type":"text","text":"Hi"}]}]}`,
      ];
      for (const text of texts) {
        expect(() => parseChatRequest(JSON.parse(text))).toThrow(expect.objectContaining({ code: 'invalid_request' }));
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );

  it('makes half a character U+FFFD, wherever a text stands', () => {
    const half = 'a\ud83e b';
    const body = { ...asked({ type: 'text', text: half }, { ...note, name: half }), system: half };
    const whole = 'a\ufffd b';
    expect(parseChatRequest(body)).toEqual({
      ...asked({ type: 'text', text: whole }, { ...note, name: whole }),
      system: whole,
    });
    expect(parseChatRequest(request({ messages: [{ role: 'user', content: '🦜' }] })).messages[0]?.content).toBe('🦜');
  });

  it('names the field that is wrong, and not what was in it', () => {
    const body = request({ messages: [question, { role: 'assistant', content: 'my secret', mood: 'x' }, question] });
    expect(() => parseChatRequest(body)).toThrow(/messages\.1.*mood/);
    expect(() => parseChatRequest(body)).not.toThrow(/my secret/);
  });

  it.each([
    ['a kind that is not known', { ...png, mediaType: 'image/tiff' }, /messages\.0\.content\.1\.mediaType: /],
    ['a field that is not known', { ...note, size: 3 }, /messages\.0\.content\.1: .*"size"/],
    ['data that are something else', { ...png, data: 'SGk=' }, /messages\.0\.content\.1: This file is not a PNG image/],
  ])('names the block that is wrong: %s', (_what, block, words) => {
    expect(() => parseChatRequest(asked({ type: 'text', text: 'Hi' }, block))).toThrow(words);
  });
});
