import { asciiAlphanumeric, markdownLineEnding } from 'micromark-util-character';
import type { Code, Construct, Effects, State, Token, TokenizeContext } from 'micromark-util-types';
import { consumeLineEnding } from './math-dollars';

const BACKSLASH = 92;

const LAST_ASCII = 127;

/** What makes `\[a\]` the escaped start of a link or a definition. */
const LINK_FOLLOWS = new Set<Code>(['(', '[', ':'].map((mark) => mark.charCodeAt(0)));

/**
 * `\(…\)` or, as display, `\[…\]` within a paragraph, with a letter or a digit in it. Otherwise they are the character
 * escapes that CommonMark knows. A
 * second opening before the end takes the place of the first one, so that all the scans of a text together are linear.
 */
export function mathBrackets(brackets: '()' | '[]'): Construct {
  const [opening, closing] = [brackets.charCodeAt(0), brackets.charCodeAt(1)];
  const type = brackets === '()' ? 'mathInline' : 'mathDisplay';
  return { name: type, tokenize };

  function tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
    let saysSomething = false;
    let sequence: Token;
    return start;

    function start(code: Code): State {
      effects.enter(type);
      effects.enter('mathSequence');
      effects.consume(code);
      return open;
    }

    function open(code: Code): State | undefined {
      if (code !== opening) return nok(code);
      effects.consume(code);
      effects.exit('mathSequence');
      return between;
    }

    function between(code: Code): State | undefined {
      if (code === null) return nok(code);
      if (markdownLineEnding(code)) return consumeLineEnding(effects, code, between);
      if (code !== BACKSLASH) {
        effects.enter('mathData');
        return data(code);
      }
      sequence = effects.enter('mathSequence');
      effects.consume(code);
      return close;
    }

    function data(code: Code): State | undefined {
      if (code === null || code === BACKSLASH || markdownLineEnding(code)) {
        effects.exit('mathData');
        return between(code);
      }
      saysSomething ||= asciiAlphanumeric(code) || code > LAST_ASCII;
      effects.consume(code);
      return data;
    }

    function close(code: Code): State | undefined {
      if (code === opening || (code === closing && !saysSomething)) return nok(code);
      if (code === closing) {
        effects.consume(code);
        return after;
      }
      sequence.type = 'mathData';
      if (code !== BACKSLASH) return data(code);
      effects.consume(code);
      return data;
    }

    function after(code: Code): State | undefined {
      if (type === 'mathDisplay' && LINK_FOLLOWS.has(code)) return nok(code);
      effects.exit('mathSequence');
      effects.exit(type);
      return ok(code);
    }
  }
}
