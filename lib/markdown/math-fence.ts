import { markdownLineEnding, markdownSpace } from 'micromark-util-character';
import type { Code, Construct, Effects, State, Token, TokenizeContext } from 'micromark-util-types';
import { consumeLineEnding } from './math-dollars';

const BACKSLASH = 92;

type FenceMarks = { readonly opening: '$$' | '\\['; readonly closing: '$$' | '\\]' };

/**
 * `$$` or `\[` alone on its line, until a line that ends with its counterpart. Like fenced code it begins without a blank
 * line before it, may hold any lines, and lasts to the end of its container where nothing closes it. An opening with
 * something behind it is left to the paragraph: an ordinary sentence may begin so, and must not swallow what follows.
 */
export function mathFence({ opening, closing }: FenceMarks): Construct {
  return { name: 'mathFence', concrete: true, tokenize };

  function tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
    const self = this;
    let fence: Token;
    return start;

    function start(code: Code): State | undefined {
      fence = effects.enter('mathFence');
      return marksAloneOnLine(effects, opening, 'mathFenceOpening', opened, nok)(code);
    }

    function opened(code: Code): State | undefined {
      if (!self.interrupt) return nextLine(code);
      return opening === closing && isInsideFormula(self) ? nok(code) : closed(code);
    }

    function nextLine(code: Code): State | undefined {
      return effects.attempt({ tokenize: tokenizeNextLine, partial: true }, value, unclosed)(code);
    }

    function value(code: Code): State | undefined {
      if (code === null || markdownLineEnding(code)) return nextLine(code);
      const closer: Construct = { tokenize: tokenizeClosing, partial: true };
      return code === closing.charCodeAt(0) ? effects.attempt(closer, closed, data)(code) : data(code);
    }

    function data(code: Code): State | undefined {
      effects.enter('mathData');
      effects.consume(code);
      return code === BACKSLASH ? escaped : rest;
    }

    function escaped(code: Code): State | undefined {
      if (code === null || markdownLineEnding(code)) return rest(code);
      effects.consume(code);
      return rest;
    }

    function rest(code: Code): State | undefined {
      if (code !== null && !markdownLineEnding(code) && code !== closing.charCodeAt(0) && code !== BACKSLASH) {
        effects.consume(code);
        return rest;
      }
      effects.exit('mathData');
      return value(code);
    }

    function closed(code: Code): State | undefined {
      effects.exit('mathFence');
      return ok(code);
    }

    function unclosed(code: Code): State | undefined {
      fence.type = 'mathFenceOpen';
      effects.exit('mathFenceOpen');
      return ok(code);
    }
  }

  function tokenizeClosing(effects: Effects, ok: State, nok: State): State {
    return marksAloneOnLine(effects, closing, 'mathFenceClosing', ok, nok);
  }
}

/** Some hundred lines, more than a formula in a paragraph has. To look at all of a paragraph would be quadratic. */
const MAX_EVENTS = 500;

/** Two of them, or what a backslash hides. */
const DOLLARS = /\\[\s\S]|\$\$/g;

/** Whether the paragraph so far has opened a `$$` that it has not closed: then one on a line of its own is its end. */
function isInsideFormula({ events, sliceSerialize }: TokenizeContext): boolean {
  const recent = events.slice(-MAX_EVENTS);
  const dollars = recent
    .slice(recent.findLastIndex(([, token]) => token.type === 'content') + 1)
    .filter(([kind, token]) => kind === 'exit' && token.type === 'chunkContent')
    .flatMap(([, token]) => sliceSerialize(token).match(DOLLARS) ?? [])
    .filter((marks) => marks === '$$');
  return dollars.length % 2 === 1;
}

/** The two marks, with only space between them and the end of the line. */
function marksAloneOnLine(
  effects: Effects,
  marks: string,
  type: 'mathFenceOpening' | 'mathFenceClosing',
  ok: State,
  nok: State,
): State {
  let at = 0;
  return (code) => {
    effects.enter(type);
    return mark(code);
  };

  function mark(code: Code): State | undefined {
    if (at === marks.length) return space(code);
    if (code !== marks.charCodeAt(at)) return nok(code);
    at += 1;
    effects.consume(code);
    return mark;
  }

  function space(code: Code): State | undefined {
    if (markdownSpace(code)) {
      effects.consume(code);
      return space;
    }
    if (code !== null && !markdownLineEnding(code)) return nok(code);
    effects.exit(type);
    return ok(code);
  }
}

/** The ending of a line whose next one still is in the same container. */
function tokenizeNextLine(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
  const lineStart: State = (code) => (this.parser.lazy[this.now().line] ? nok(code) : ok(code));
  return (code) => (code === null ? nok(code) : consumeLineEnding(effects, code, lineStart));
}
