import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ContentPart } from '@/lib/protocol/content';
import type { AssistantMessage, Message, ReplyEnd, UserMessage } from './chat-state';
import { toRequestMessages } from './request-messages';

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };
const complete = (stopReason: string): ReplyEnd => ({
  status: 'complete',
  stopReason,
  usage,
  timing: { firstTokenMs: 5, totalMs: 6 },
});
const broken = (status: 'interrupted' | 'failed'): ReplyEnd => ({
  status,
  error: new ChatError('connection_lost').toWire(''),
  retryAt: null,
});

const user = (text: string): UserMessage => ({ id: text, parentId: null, role: 'user', text, createdAt: 0 });
const assistant = (text: string, end: ReplyEnd = complete('end_turn'), thinking = ''): AssistantMessage => {
  const parts: ContentPart[] = [
    { type: 'thinking', text: thinking },
    { type: 'text', text },
  ];
  return {
    id: text,
    parentId: null,
    role: 'assistant',
    content: parts.filter((part) => part.text !== ''),
    thinkingMs: null,
    end,
    createdAt: 0,
  };
};

describe('toRequestMessages', () => {
  it('keeps a question that got no answer when the one after it was refused', () => {
    const failed = assistant('', broken('failed'));
    const messages = [user('I am Ada.'), failed, user('Bad?'), assistant('', complete('refusal')), user('Who am I?')];
    expect(toRequestMessages(messages)).toEqual([{ role: 'user', content: 'I am Ada.\n\nWho am I?' }]);
  });

  it('sends what was said, and what broke off as far as it came', () => {
    const messages = [
      user('One?'),
      assistant('One.'),
      user('Two?'),
      assistant('Tw', broken('interrupted')),
      user('Three?'),
      assistant('Thr', { status: 'stopped' }),
      user('Four?'),
    ];
    expect(toRequestMessages(messages)).toEqual([
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'One.' },
      { role: 'user', content: 'Two?' },
      { role: 'assistant', content: 'Tw' },
      { role: 'user', content: 'Three?' },
      { role: 'assistant', content: 'Thr' },
      { role: 'user', content: 'Four?' },
    ]);
  });

  it('joins a question that got no text with the next one', () => {
    const messages = [
      user('One?'),
      assistant('', broken('failed')),
      user('Two?'),
      assistant('', complete('max_tokens'), 'Hm.'),
      user('Three?'),
    ];
    expect(toRequestMessages(messages)).toEqual([{ role: 'user', content: 'One?\n\nTwo?\n\nThree?' }]);
  });

  it('leaves a refused turn out together with its question', () => {
    const messages = [
      user('One?'),
      assistant('One.'),
      user('Bad?'),
      assistant('Well', complete('refusal')),
      user('Three?'),
    ];
    expect(toRequestMessages(messages)).toEqual([
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'One.' },
      { role: 'user', content: 'Three?' },
    ]);
  });

  describe('of any conversation that ends with a question', () => {
    const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    const end = fc.constantFrom<ReplyEnd>(
      complete('end_turn'),
      complete('max_tokens'),
      complete('refusal'),
      { status: 'stopped' },
      broken('interrupted'),
    );
    const turn = fc.tuple(words, fc.oneof(words, fc.constantFrom('', ' \n')), end, fc.constantFrom('', '<thinking>'));
    const conversation = fc
      .tuple(fc.array(turn), words)
      .map(([turns, last]): Message[] => [
        ...turns.flatMap(([question, answer, how, thinking]) => [user(question), assistant(answer, how, thinking)]),
        user(last),
      ]);
    const always = (check: (messages: Message[]) => void) => fc.assert(fc.property(conversation, check));

    it('alternates, and begins and ends with the user', () => {
      always((messages) => {
        const roles = toRequestMessages(messages).map(({ role }) => role);
        expect(roles).toEqual(roles.map((_, at) => (at % 2 === 0 ? 'user' : 'assistant')));
        expect(roles.length % 2).toBe(1);
      });
    });

    it('holds no empty turn and no thinking', () => {
      always((messages) => {
        const contents = toRequestMessages(messages).map(({ content }) => String(content));
        expect(contents.filter((content) => content.trim() === '' || content.includes('<thinking>'))).toEqual([]);
      });
    });

    it('ends with the last question, and holds every answer that was not refused', () => {
      always((messages) => {
        const sent = toRequestMessages(messages);
        const last = messages.at(-1) as UserMessage;
        expect(String(sent.at(-1)?.content).endsWith(last.text)).toBe(true);
        const kept = messages
          .filter((message) => message.role === 'assistant')
          .filter(({ end: how }) => how.status !== 'complete' || how.stopReason !== 'refusal')
          .flatMap(({ content }) => content.filter(({ type, text }) => type === 'text' && text.trim() !== ''))
          .map(({ text }) => text);
        expect(sent.filter(({ role }) => role === 'assistant').map(({ content }) => content)).toEqual(kept);
      });
    });
  });
});
