import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendToContent, type ContentPart, textOf } from './content';

const delta = fc.record({ type: fc.constantFrom('thinking' as const, 'text' as const), text: fc.string() });
const append = (content: readonly ContentPart[], { type, text }: ContentPart) => appendToContent(content, type, text);
const joined = (parts: readonly ContentPart[], type: ContentPart['type']) =>
  parts.map((part) => (part.type === type ? part.text : '')).join('');

describe('appendToContent', () => {
  it('makes one part of deltas of one kind that follow each other', () => {
    let content: readonly ContentPart[] = [];
    content = appendToContent(content, 'thinking', 'H');
    content = appendToContent(content, 'thinking', 'm');
    content = appendToContent(content, 'text', 'Yes');
    content = appendToContent(content, 'thinking', 'Or');
    expect(content).toEqual([
      { type: 'thinking', text: 'Hm' },
      { type: 'text', text: 'Yes' },
      { type: 'thinking', text: 'Or' },
    ]);
  });

  it('keeps every character in its order, and the kinds of parts take turns', () => {
    const property = fc.property(fc.array(delta), (deltas) => {
      const content = deltas.reduce<readonly ContentPart[]>(append, []);
      for (const type of ['thinking', 'text'] as const) expect(joined(content, type)).toBe(joined(deltas, type));
      expect(content.filter((part, at) => part.type === content[at - 1]?.type)).toEqual([]);
    });
    fc.assert(property);
  });

  it('changes nothing that was there, and earlier parts keep their identity', () => {
    const property = fc.property(fc.array(delta, { minLength: 1 }), delta, (deltas, next) => {
      const before = deltas.reduce<readonly ContentPart[]>(append, []);
      for (const part of before) Object.freeze(part);
      const after = append(Object.freeze(before) as readonly ContentPart[], next);
      const untouched = after.length > before.length ? before : before.slice(0, -1);
      for (const [at, part] of untouched.entries()) expect(after[at]).toBe(part);
    });
    fc.assert(property);
  });
});

describe('textOf', () => {
  it('is the text without the thinking', () => {
    const content: ContentPart[] = [
      { type: 'text', text: 'Yes' },
      { type: 'thinking', text: 'Hm' },
      { type: 'text', text: ', no' },
    ];
    expect(textOf(content)).toBe('Yes, no');
    expect(textOf([])).toBe('');
  });
});
