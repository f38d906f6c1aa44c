import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_KINDS, type CodeKind, type LineColours, partsOf } from './code-colours';
import { GRAMMARS } from './code-grammars';
import { findCodeLanguage, type LanguageId } from './code-language';
import { openCode } from './code-tokenizer';

const TYPESCRIPT = `/** A comment
 *  of more lines. */
export async function greet(name: string): Promise<void> {
  const text = \`Hello,
    \${name.toUpperCase()}!\`;

  if (text.length > 42) throw new Error('long');
}
`;
const lines = TYPESCRIPT.match(/.*\n/g) ?? [];

/** Finds the words of a kind in a text, line by line. */
async function wordsOf(language: LanguageId, text: string) {
  const colourLines = await openCode(language);
  const all = text.match(/.*\n|.+$/g) ?? [];
  const parts = colourLines(all).flatMap((colours, at) => partsOf(all[at] ?? '', colours));
  return (wanted: CodeKind) => parts.filter(({ kind }) => kind === wanted).map((part) => part.text.trim());
}

describe('a grammar', () => {
  it('colours a text by its meaning, over the ends of lines', async () => {
    const words = await wordsOf('typescript', TYPESCRIPT);
    expect(words('comment')).toEqual(['/** A comment', '*  of more lines. */']);
    expect(words('function')).toEqual(['greet', 'toUpperCase', 'Error']);
    expect(words('string')).toEqual(['`Hello,', '!`', "'long'"]);
    expect(words('constant')).toEqual(['42']);
    expect(words('keyword')).toEqual(expect.arrayContaining(['export async function', 'const', 'if', 'throw new']));
    expect(words('type')).toEqual(expect.arrayContaining(['string', 'Promise', 'void']));
  });

  it('colours a text alike however it is cut into lines', async () => {
    const whole = (await openCode('typescript'))(lines);
    await fc.assert(
      fc.asyncProperty(fc.subarray(lines.map((_, at) => at)), async (cuts) => {
        const colourLines = await openCode('typescript');
        const bounds = [0, ...cuts, lines.length];
        const colours = bounds.flatMap((start, at) => colourLines(lines.slice(start, bounds[at + 1] ?? start)));
        expect(colours).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('leaves what it cannot take as text', async () => {
    const colourLines = await openCode('json');
    expect(colourLines(['\n', '', '\r\n', '\u0000\n'])).toHaveLength(4);
  });

  it.each(Object.entries(GRAMMARS))('is there under its name for %s', async (language, fetchGrammar) => {
    expect((await fetchGrammar()).default.at(-1)?.name).toBe(language);
  });
});

describe('the parts of a line', () => {
  it('are the line, whatever its colours', () => {
    const colours: fc.Arbitrary<LineColours> = fc
      .array(fc.tuple(fc.nat(20), fc.nat(CODE_KINDS.length)))
      .map((pairs) => pairs.toSorted(([one], [other]) => one - other).flat());
    fc.assert(
      fc.property(fc.string(), colours, (line, any) => {
        expect(
          partsOf(line, any)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
    );
  });
});

describe('the word behind a fence', () => {
  it.each([
    ['ts', 'TypeScript', 'ts'],
    ['TypeScript', 'TypeScript', 'ts'],
    ['ts{1,3}', 'TypeScript', 'ts'],
    ['py:main.py', 'Python', 'py'],
    ['c++', 'C++', 'cpp'],
    ['C#', 'C#', 'cs'],
    ['bash', 'Shell', 'sh'],
    ['objective-c', 'Objective-C', 'm'],
  ])('%s means %s', (word, name, extension) => {
    expect(findCodeLanguage(word)).toMatchObject({ name, extension });
  });

  it.each([null, '', 'text', 'constructor', '__proto__', '{}', 'brainfuck'])('%s means no language', (word) => {
    expect(findCodeLanguage(word)).toBeUndefined();
  });
});
