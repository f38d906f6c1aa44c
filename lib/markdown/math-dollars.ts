import { asciiDigit, markdownLineEnding, markdownLineEndingOrSpace, unicodeWhitespace } from 'micromark-util-character';
import type { Code, Construct, Effects, State, Token, TokenizeContext } from 'micromark-util-types';

const DOLLAR = 36;
const BACKSLASH = 92;
const BACKTICK = 96;

const isSpace = (code: Code) => markdownLineEndingOrSpace(code) || unicodeWhitespace(code);

/** A dollar inside a longer run opens nothing; one behind `\$` does. */
function previous(this: TokenizeContext, code: Code): boolean {
  return code !== DOLLAR || this.events.at(-1)?.[1].type === 'characterEscape';
}

/**
 * `$…$` (size 1) and `$$…$$` (size 2) within a paragraph, by Pandoc's rules (manual, tex_math_dollars): the next dollar that
 * no backslash hides decides, so that all the scans of a text together are linear in its length. Two things are stricter,
 * both for prices and shell variables: neither code nor a run of two dollars can stand between single ones.
 */
export function mathDollars(size: 1 | 2): Construct {
  const type = size === 1 ? 'mathInline' : 'mathDisplay';
  return { name: type, previous, tokenize };

  function tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
    const self = this;
    let run = 0;
    let isBlank = true;
    let sequence: Token;
    return start;

    function start(code: Code): State | undefined {
      effects.enter(type);
      effects.enter('mathSequence');
      return open(code);
    }

    function open(code: Code): State | undefined {
      if (code === DOLLAR) return count(code, open);
      if (run !== size || (size === 1 && isSpace(code))) return nok(code);
      effects.exit('mathSequence');
      return between(code);
    }

    function between(code: Code): State | undefined {
      if (code === null) return nok(code);
      if (markdownLineEnding(code)) return consumeLineEnding(effects, code, between);
      if (code !== DOLLAR) {
        effects.enter('mathData');
        return data(code);
      }
      if (size === 1 && isSpace(self.previous)) return nok(code);
      run = 0;
      sequence = effects.enter('mathSequence');
      return close(code);
    }

    function data(code: Code): State | undefined {
      if (code === BACKTICK && size === 1) return nok(code);
      if (code === null || code === DOLLAR || markdownLineEnding(code)) {
        effects.exit('mathData');
        return between(code);
      }
      isBlank &&= isSpace(code);
      effects.consume(code);
      return code === BACKSLASH ? escaped : data;
    }

    function escaped(code: Code): State | undefined {
      if (code !== DOLLAR && code !== BACKSLASH) return data(code);
      effects.consume(code);
      return data;
    }

    function close(code: Code): State | undefined {
      if (code === DOLLAR) return count(code, close);
      if (run < size) {
        sequence.type = 'mathData';
        isBlank = false;
        return data(code);
      }
      if (run > size || isBlank || (size === 1 && asciiDigit(code))) return nok(code);
      effects.exit('mathSequence');
      effects.exit(type);
      return ok(code);
    }

    function count(code: Code, next: State): State {
      run += 1;
      effects.consume(code);
      return next;
    }
  }
}

/** micromark joins the lines of a paragraph at these tokens, so each line ending needs one of its own. */
export function consumeLineEnding(effects: Effects, code: Code, next: State): State {
  effects.enter('lineEnding');
  effects.consume(code);
  effects.exit('lineEnding');
  return next;
}
