import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WholeReply } from '@/lib/protocol/reply-event';
import { questionIn } from '@/lib/protocol/title';
import type { Message, ReplyEnd } from './chat-state';
import { readTitle, titleRequest, titleRequestFor } from './title-request';

const MODEL = { id: 'a-small-model', efforts: ['low', 'high'] } as const;
const requestFor = (question: string, answer = 'An answer.') => titleRequest({ question, answer, model: MODEL });
const contentOf = (...exchange: Parameters<typeof requestFor>) => String(requestFor(...exchange).messages[0]?.content);

describe('the request for a title', () => {
  it('asks the model for little: no thinking, the least effort, few tokens', () => {
    expect(requestFor('Why is the sky blue?')).toEqual({
      messages: [{ role: 'user', content: expect.stringContaining('Why is the sky blue?') }],
      model: 'a-small-model',
      system: expect.stringMatching(/at most six words.*without quotation marks/),
      thinking: false,
      effort: 'low',
      maxTokens: 1000,
    });
  });

  it('names no effort to a model that knows none', () => {
    const request = titleRequest({ question: 'Q', answer: 'A', model: { id: 'm', efforts: [] } });
    expect(request).not.toHaveProperty('effort');
  });

  it('holds the question and the answer, and the question can be read from it', () => {
    const content = contentOf('Line one\n\nLine two', 'The answer.');
    expect(content).toContain('The answer.');
    expect(questionIn(content)).toBe('Line one\n\nLine two');
  });

  it('holds of a long question its beginning and its end', () => {
    const content = contentOf(`BEGIN ${'x'.repeat(100_000)} END?`, 'y'.repeat(100_000));
    expect(content.length).toBeLessThan(7000);
    expect(questionIn(content)).toMatch(/^BEGIN x+ … x+ END\?$/);
  });

  it('cuts no character in two', () => {
    fc.assert(
      fc.property(fc.nat({ max: 3 }), (shift) => {
        expect(contentOf('a'.repeat(shift) + '👩‍👩‍👧'.repeat(1000))).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

const reply = (text: string, stopReason = 'end_turn'): WholeReply => ({
  replyId: 'r',
  model: 'm',
  content: [
    { type: 'thinking', text: 'A title. Hm.' },
    { type: 'text', text },
  ],
  stopReason,
  usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
  timing: { firstTokenMs: 1, totalMs: 1 },
});

describe('a conversation', () => {
  const model = { id: 'small', efforts: [] };
  const asked = (text: string, rest = {}): Message => ({
    id: text,
    parentId: null,
    role: 'user',
    text,
    createdAt: 0,
    ...rest,
  });
  const answered = (text: string, end: ReplyEnd): Message => ({
    id: text,
    parentId: null,
    role: 'assistant',
    content: [{ type: 'text', text }],
    thinkingMs: null,
    end,
    createdAt: 0,
  });
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const whole = { status: 'complete', stopReason: 'end_turn', usage, timing: { firstTokenMs: 1, totalMs: 1 } } as const;

  it('has its title from the first whole answer, and what was asked until then', () => {
    const messages = [asked('One?'), answered('Half', { status: 'stopped' }), asked('Two?'), answered('Two.', whole)];
    expect(titleRequestFor([...messages, asked('Three?')], model)?.messages[0]?.content).toBe(
      '<question>\nOne?\nTwo?\n</question>\n\n<answer>\nTwo.\n</answer>',
    );
  });

  it('has it from the names of its files too', () => {
    const file = { id: 'f', kind: 'pdf', name: 'bill.pdf', mediaType: 'application/pdf', bytes: 1, sentBytes: 1 };
    const request = titleRequestFor([asked('', { attachments: [file] }), answered('A bill.', whole)], model);
    expect(request?.messages[0]?.content).toContain('<question>\nbill.pdf\n</question>');
  });

  it('has none before that', () => {
    expect(titleRequestFor([asked('One?'), answered('Half', { status: 'stopped' })], model)).toBeNull();
    expect(titleRequestFor([], model)).toBeNull();
  });
});

describe('the title in a reply', () => {
  it.each([
    ['Why the Sky Is Blue', 'Why the Sky Is Blue'],
    ['  Warum der Himmel blau ist \n', 'Warum der Himmel blau ist'],
    ['"Blue Sky"', 'Blue Sky'],
    ['„Blauer Himmel“', 'Blauer Himmel'],
    ['« Le ciel bleu »', 'Le ciel bleu'],
    ['「青い空」', '青い空'],
    ['**Blue Sky**', 'Blue Sky'],
    ['# Blue Sky', 'Blue Sky'],
    ['- `map` and `filter`', 'map and filter'],
    ['Title: Blue Sky', 'Blue Sky'],
    ['**Title:** “Blue Sky”', 'Blue Sky'],
    ['Blue Sky.', 'Blue Sky'],
    ['Waiting…', 'Waiting…'],
    ['And then...', 'And then...'],
    ['What is C++?', 'What is C++?'],
    ['snake_case in Python', 'snake_case in Python'],
    ['Don’t panic', 'Don’t panic'],
    ['Blue\tSky\u202e', 'Blue Sky'],
    ['Blue Sky\n\nThis title says what it is about.', 'Blue Sky'],
  ])('of %j is %j', (text, title) => {
    expect(readTitle(reply(text))).toBe(title);
  });

  it('ends with a whole word where it is a little too long', () => {
    const title = readTitle(reply('Unterschiede zwischen Server-Sent Events, WebSockets und Polling im Vergleich'));
    expect(title).toBe('Unterschiede zwischen Server-Sent Events, WebSockets und…');
  });

  it.each(['', ' \n ', '…', '***', '""', 'x'.repeat(121), 'word '.repeat(25)])('is none in %j', (text) => {
    expect(readTitle(reply(text))).toBeNull();
  });

  it.each(['refusal', 'max_tokens', 'pause_turn', 'model_context_window_exceeded'])(
    'is none where Claude stopped because of %s',
    (stopReason) => {
      expect(readTitle(reply('Blue Sky', stopReason))).toBeNull();
    },
  );

  it('is one line of at most 60 characters with a letter or a number in it, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 130 }), (text) => {
        const title = readTitle(reply(text));
        if (title === null) return;
        expect(Array.from(title).length).toBeLessThanOrEqual(60);
        expect(title).toMatch(/[\p{L}\p{N}]/u);
        expect(title).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
        expect(title).toBe(title.trim());
      }),
    );
  });
});
