import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Construct, Extension, ParseContext, Tokenizer } from 'micromark-util-types';
import { mathFromMarkdown, mathSyntax } from './math';

/** Link definitions are known by `[LABEL`, footnotes by `^LABEL`; the label as CommonMark compares it. */
export type DefinitionKey = `[${string}` | `^${string}`;

export type ParsedMarkdown = {
  readonly tree: Root;
  /** What the text asks for and is not defined elsewhere: the only way in which another text can change it. */
  readonly missing: ReadonlySet<DefinitionKey>;
};

/**
 * Parses CommonMark with GitHub's extensions, as react-markdown with remark-gfm does, and formulas.
 *
 * @param isDefined whether something is defined elsewhere in the document
 * @throws RangeError where the text nests so deep that the stack overflows
 */
export function parseMarkdown(text: string, isDefined: (key: DefinitionKey) => boolean): ParsedMarkdown {
  const missing = new Set<DefinitionKey>();
  const tree = fromMarkdown(text, {
    extensions: [...SYNTAX, definitionsElsewhere(isDefined, missing)],
    mdastExtensions: TREE,
  });
  return { tree, missing };
}

const SYNTAX = [gfm(), mathSyntax];
const TREE = [gfmFromMarkdown(), mathFromMarkdown];

/**
 * The parser knows what is defined by lists that are complete before it reads the first bracket. These are replaced then by
 * lists that also know the rest of the document, and note what they do not know of it.
 */
function definitionsElsewhere(isDefined: (key: DefinitionKey) => boolean, missing: Set<DefinitionKey>): Extension {
  const prepared = new WeakSet<ParseContext>();

  function alsoElsewhere(here: readonly string[], mark: '[' | '^'): string[] {
    const includes = (label: string) => {
      const key: DefinitionKey = `${mark}${label}`;
      if (isDefined(key)) return true;
      missing.add(key);
      return here.indexOf(label) >= 0;
    };
    return Object.assign([...here], { includes });
  }

  const tokenize: Tokenizer = function (_effects, _ok, nok) {
    const { parser } = this;
    if (!prepared.has(parser)) {
      prepared.add(parser);
      parser.defined = alsoElsewhere(parser.defined, '[');
      parser.gfmFootnotes = alsoElsewhere(parser.gfmFootnotes ?? [], '^');
    }
    return nok;
  };
  const prepare: Construct = { name: 'definitionsElsewhere', tokenize };
  return { text: { [LEFT_BRACKET]: prepare, [EXCLAMATION_MARK]: prepare } };
}

const EXCLAMATION_MARK = 33;
const LEFT_BRACKET = 91;
