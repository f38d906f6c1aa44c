import { createJavaScriptRegexEngine } from '@shikijs/engine-javascript';
import {
  codeToTokensBase,
  createShikiPrimitive,
  getLastGrammarStateFromMap,
  type ThemedToken,
} from '@shikijs/primitive';
import type { LineColours } from './code-colours';
import { GRAMMARS } from './code-grammars';
import type { LanguageId } from './code-language';
import { CODE_THEME, kindOf } from './code-theme';

/** Colours the next lines of a text. It remembers where the text stands: in a comment, a string, a template. */
export type ColourLines = (lines: readonly string[]) => readonly LineColours[];

// A grammar holds some patterns that no browser can run; without these it still colours nearly everything.
const engine = createJavaScriptRegexEngine({ forgiving: true });
const shiki = createShikiPrimitive({ engine, themes: [CODE_THEME], langs: [] });

/** Begins a text. Rejects where the grammar cannot be fetched. */
export async function openCode(language: LanguageId): Promise<ColourLines> {
  const { default: grammar } = await GRAMMARS[language]();
  shiki.loadLanguageSync(grammar);
  let grammarState: ReturnType<typeof getLastGrammarStateFromMap>;
  return (lines) =>
    lines.map((line) => {
      const tokens = codeToTokensBase(shiki, withoutEnd(line), {
        lang: language,
        theme: CODE_THEME,
        ...(grammarState && { grammarState }),
      });
      grammarState = getLastGrammarStateFromMap(tokens);
      return coloursOf(tokens[0] ?? []);
    });
}

const withoutEnd = (line: string) => line.replace(/\r?\n$/, '');

/** Neighbours of one kind become one part, and so does the space between them, which has no colour: half the elements. */
function coloursOf(tokens: readonly ThemedToken[]): LineColours {
  const colours: number[] = [];
  for (const { content, offset, color } of tokens) {
    const last = colours.length - 1;
    const kind = content.trim() === '' ? (colours[last] ?? 0) : kindOf(color);
    if (kind === colours[last]) colours[last - 1] = offset + content.length;
    else colours.push(offset + content.length, kind);
  }
  return colours;
}
