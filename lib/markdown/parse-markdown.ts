import type { Nodes, Root } from 'mdast';
import { fromMarkdown, type Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { combineExtensions } from 'micromark-util-combine-extensions';
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
 * @throws Error where the text nests too deep to be laid out, or even so deep that the stack overflows
 */
export function parseMarkdown(text: string, isDefined: (key: DefinitionKey) => boolean): ParsedMarkdown {
  const missing = new Set<DefinitionKey>();
  elsewhere = { isDefined, missing };
  const tree = fromMarkdown(text, MAYBE_ADDRESS.test(text) ? OPTIONS : WITHOUT_ADDRESSES);
  refuseDepth(tree);
  return { tree, missing };
}

/** What people write nests ten or twenty deep. Layout and everything that recurses over the tree fails at some hundreds. */
const MAX_DEPTH = 100;

/** Itself it does not recurse. */
function refuseDepth(tree: Nodes): void {
  let level: readonly Nodes[] = [tree];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new Error(`more than ${MAX_DEPTH} levels`);
    level = level.flatMap((node) => ('children' in node ? node.children : []));
  }
}

/** Every address that is a link without brackets around it has one of these; entities may stand for them. */
const MAYBE_ADDRESS = /www|http|@|&/i;

/** Of the text that is parsed now. To make the syntax anew for each text would take as long as to parse a line. */
let elsewhere: {
  readonly isDefined: (key: DefinitionKey) => boolean;
  readonly missing: Set<DefinitionKey>;
};

/**
 * The parser knows what is defined by lists that are complete before it reads the first bracket. These are replaced then by
 * lists that also know the rest of the document, and note what they do not know of it.
 */
function prepareLists(): Extension {
  const prepared = new WeakSet<ParseContext>();
  const tokenize: Tokenizer = function (_effects, _ok, nok) {
    const { parser } = this;
    if (!prepared.has(parser)) {
      prepared.add(parser);
      parser.defined = alsoElsewhere(parser.defined, '[');
      parser.gfmFootnotes = alsoElsewhere(parser.gfmFootnotes ?? [], '^');
    }
    return nok;
  };
  const prepare: Construct = { name: 'prepareLists', tokenize };
  return { text: { [LEFT_BRACKET]: prepare, [EXCLAMATION_MARK]: prepare } };
}

function alsoElsewhere(here: readonly string[], mark: '[' | '^'): string[] {
  const { isDefined, missing } = elsewhere;
  const includes = (label: string) => {
    const key: DefinitionKey = `${mark}${label}`;
    if (isDefined(key)) return true;
    missing.add(key);
    return here.indexOf(label) >= 0;
  };
  return Object.assign([...here], { includes });
}

const EXCLAMATION_MARK = 33;
const LEFT_BRACKET = 91;

const OPTIONS: Options = {
  extensions: [combineExtensions([gfm(), mathSyntax, prepareLists()])],
  mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown],
};

/** Addresses are looked for at the beginning of each word, and once more in the tree: half the time of a text that has none. */
const WITHOUT_ADDRESSES: Options = {
  extensions: [combineExtensions([withoutAddresses(gfm()), mathSyntax, prepareLists()])],
  mdastExtensions: [...gfmFromMarkdown().map(({ transforms: _, ...extension }) => extension), mathFromMarkdown],
};

function withoutAddresses({ text, ...extension }: Extension): Extension {
  const isOther = ({ name }: Construct) => !name?.endsWith('Autolink');
  const others = Object.entries(text ?? {}).map(([code, constructs]) => [
    code,
    [constructs ?? []].flat().filter(isOther),
  ]);
  return { ...extension, text: Object.fromEntries(others) };
}
