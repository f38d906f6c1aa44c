import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { titleOf } from './history';

/** Any text that JavaScript can hold, halves of characters included; often of words, and longer than a title. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(' ', '\n', 'word ', '🦜', '\ud83e', '\udd9c'), fc.string({ unit: 'binary' })))
  .map((pieces) => pieces.join(''));

describe('titleOf', () => {
  it('is the text itself where that is short, on one line', () => {
    expect(titleOf('  What is\n\n\ta\u00a0rivulet? ')).toBe('What is a rivulet?');
    expect(titleOf('x'.repeat(60))).toBe('x'.repeat(60));
    expect(titleOf(' \n')).toBe('');
  });

  it('is cut between two words where one ends in its second half, and says that something is left out', () => {
    const words = `${'x'.repeat(40)} ${'y'.repeat(40)}`;
    expect(titleOf(words)).toBe(`${'x'.repeat(40)}…`);
  });

  it('is cut inside of a word that would leave too little', () => {
    expect(titleOf(`See ${'x'.repeat(80)}`)).toBe(`See ${'x'.repeat(55)}…`);
  });

  it('never ends in half a character', () => {
    expect(titleOf(`${'x'.repeat(58)}🦜🦜`)).toBe(`${'x'.repeat(58)}…`);
    expect(titleOf(`${'x'.repeat(57)}🦜🦜`)).toBe(`${'x'.repeat(57)}🦜…`);
  });

  it('is short, on one line, and begins as the text does, whatever that holds', () => {
    const property = fc.property(anyText, (text) => {
      const title = titleOf(text);
      expect(title.length).toBeLessThanOrEqual(60);
      expect(title).not.toMatch(/[\r\n\t]|^\s|\s$| {2}/);
      expect(text.trim().replace(/\s+/g, ' ').startsWith(title.replace(/…$/, ''))).toBe(true);
      expect(title === '').toBe(text.trim() === '');
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('has whole characters where the text has', () => {
    const whole = fc.string({ unit: fc.constantFrom('🦜', 'x', ' y'), minLength: 40, maxLength: 80 });
    const property = fc.property(whole, (text) => {
      expect(encodeURIComponent(titleOf(text))).not.toBe('');
    });
    fc.assert(property, { numRuns: 300 });
  });
});
