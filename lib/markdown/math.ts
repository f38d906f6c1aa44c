import type { Element, ElementContent } from 'hast';
import type { Data, Literal } from 'mdast';
import type { CompileContext, Extension as FromMarkdownExtension, Token } from 'mdast-util-from-markdown';
import type { Extension as SyntaxExtension } from 'micromark-util-types';
import { mathBrackets } from './math-brackets';
import { mathDollars } from './math-dollars';
import { mathFence } from './math-fence';

type MathData = Data & {
  hName: 'code' | 'pre';
  hProperties?: { className: string[] };
  hChildren: ElementContent[];
};

/** A formula in a line of text; displayed on lines of its own where its class says so. */
interface InlineMath extends Literal {
  type: 'inlineMath';
  data: MathData;
}

/** A formula that is a block of its own. */
interface MathBlock extends Literal {
  type: 'math';
  data: MathData;
}

declare module 'mdast' {
  interface RootContentMap {
    inlineMath: InlineMath;
    math: MathBlock;
  }
  interface PhrasingContentMap {
    inlineMath: InlineMath;
  }
  interface BlockContentMap {
    math: MathBlock;
  }
}

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    mathInline: 'mathInline';
    mathDisplay: 'mathDisplay';
    mathFence: 'mathFence';
    mathFenceOpen: 'mathFenceOpen';
    mathFenceOpening: 'mathFenceOpening';
    mathFenceClosing: 'mathFenceClosing';
    mathSequence: 'mathSequence';
    mathData: 'mathData';
  }
}

const DOLLAR = 36;
const BACKSLASH = 92;

/** The syntax of formulas for micromark: `$…$`, `\(…\)`; displayed `$$…$$`, `\[…\]`, and both of these as fences. */
export const mathSyntax: SyntaxExtension = {
  flow: {
    [DOLLAR]: mathFence({ opening: '$$', closing: '$$' }),
    [BACKSLASH]: mathFence({ opening: '\\[', closing: '\\]' }),
  },
  text: {
    [DOLLAR]: [mathDollars(1), mathDollars(2)],
    [BACKSLASH]: [mathBrackets('()'), mathBrackets('[]')],
  },
};

/**
 * Formulas as nodes, with classes by which they are known even behind a sanitizer that keeps only `language-…` on code:
 * `code.language-math` in a line, `code.language-math-display` displayed from within a paragraph, `pre > code.language-math`
 * a block, and `pre > code.language-math-open` a block whose end has not come.
 */
export const mathFromMarkdown: FromMarkdownExtension = {
  enter: { mathInline: enterMath, mathDisplay: enterMath, mathFence: enterFence, mathFenceOpen: enterFence },
  exit: { mathInline: exit, mathDisplay: exit, mathFence: exit, mathFenceOpen: exit },
};

function enterMath(this: CompileContext, token: Token): void {
  const source = this.sliceSerialize(token);
  const marks = token.type === 'mathInline' && source.startsWith('$') ? 1 : 2;
  const tex = source.slice(marks, -marks);
  // As in code: within a table a pipe needs a backslash, which is not part of what is meant.
  const value = this.data.inTable ? tex.replace(/\\([\\|])/g, (pair, mark) => (mark === '|' ? mark : pair)) : tex;
  const hProperties = {
    className:
      token.type === 'mathDisplay' ? ['language-math-display', 'math-display'] : ['language-math', 'math-inline'],
  };
  this.enter(
    { type: 'inlineMath', value, data: { hName: 'code', hProperties, hChildren: [{ type: 'text', value }] } },
    token,
  );
}

function enterFence(this: CompileContext, token: Token): void {
  const isOpen = token.type === 'mathFenceOpen';
  const source = this.sliceSerialize(token).slice(2);
  const inside = isOpen ? source : source.trimEnd().slice(0, -2);
  const value = inside.replace(/^[ \t]*(?:\r\n|\r|\n)/, '').replace(/(?:\r\n|\r|\n)[ \t]*$/, '');
  const className = isOpen ? ['language-math-open'] : ['language-math', 'math-display'];
  const code: Element = {
    type: 'element',
    tagName: 'code',
    properties: { className },
    children: [{ type: 'text', value }],
  };
  this.enter({ type: 'math', value, data: { hName: 'pre', hChildren: [code] } }, token);
}

function exit(this: CompileContext, token: Token): void {
  this.exit(token);
}

type Parser = { micromarkExtensions?: SyntaxExtension[]; fromMarkdownExtensions?: FromMarkdownExtension[] };

/** Formulas as a plugin of remark. */
export function remarkMath(this: { data(): object }): void {
  const parser: Parser = this.data();
  parser.micromarkExtensions = [...(parser.micromarkExtensions ?? []), mathSyntax];
  parser.fromMarkdownExtensions = [...(parser.fromMarkdownExtensions ?? []), mathFromMarkdown];
}
