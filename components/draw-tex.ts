import 'katex/dist/katex.min.css';
import katex, { type KatexOptions, ParseError } from 'katex';

/** A formula as HTML, or why there is none. */
export type Drawing =
  | { readonly html: string; readonly problem?: never }
  | { readonly html?: never; readonly problem: string };

/** The longest ones that people write have some 2,000; the costliest that fit here take a desktop half a second. */
const MAX_CHARS = 5000;

/**
 * Definitions are refused: two short ones can stand for a billion marks, and KaTeX's limit counts the steps alone. And what
 * needs trust is: KaTeX would leave away all but the name of the command. Looked for as mere text, that nothing hides it.
 */
const REFUSED =
  /\\(?:[egx]?def|let|futurelet|(?:re)?newcommand|providecommand|href|url|includegraphics|html(?:Class|Id|Style|Data))(?![a-zA-Z@])/;

/** KaTeX caps lengths by `maxSize`, but not negative ones, which leave screens of empty space. */
const FAR_OFF = /:-\d{3,}[\d.]*em/;

/** What people write nests five deep. KaTeX and layout recurse over it, and fail somewhere beyond some hundreds. */
const MAX_DEPTH = 50;

const OPTIONS: KatexOptions = {
  throwOnError: true,
  trust: false,
  strict: 'ignore',
  output: 'htmlAndMathml',
  errorColor: 'var(--error)',
  maxExpand: 1000,
  maxSize: 20,
};

/**
 * Draws TeX with KaTeX. The HTML may be put into a page: it is made of elements, classes and lengths of KaTeX's own, the text
 * is escaped in it, and without trust no command makes a link, an image, an attribute or a style. It never throws.
 */
export function drawTex(tex: string, isDisplay: boolean): Drawing {
  if (tex.length > MAX_CHARS) return { problem: `The formula has more than ${MAX_CHARS} characters.` };
  const refused = REFUSED.exec(tex)?.[0];
  if (refused) return { problem: `The command ${refused} is not allowed.` };
  if (depthOf(tex) > MAX_DEPTH) return { problem: TOO_DEEP };
  try {
    const html = katex.renderToString(tex, { ...OPTIONS, displayMode: isDisplay });
    return FAR_OFF.test(html) ? { problem: 'The formula asks for too much room.' } : { html };
  } catch (error) {
    return { problem: error instanceof ParseError ? error.rawMessage : TOO_DEEP };
  }
}

const TOO_DEEP = 'The formula is nested too deeply.';

/** How many groups, brackets and environments are open at once, at most. */
function depthOf(tex: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [mark] of tex.matchAll(/\\(?:left|right|begin|end)(?![a-zA-Z@])|\\.|[{}]/g)) {
    if (/^(?:\{|\\left|\\begin)$/.test(mark)) depth += 1;
    if (/^(?:\}|\\right|\\end)$/.test(mark)) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
