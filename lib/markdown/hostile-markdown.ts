/** More marks than this in one paragraph: people write some dozens, and the time to pair them grows with their square. */
const MAX_MARKS = 2000;

/** What may pair with something: emphasis, links, code, autolinks, entities, deletions. */
const MARK = /[*_~[\]!`<&]/g;

/** Deeper in, or with a mark behind it, three of them open no code. Code within a list counts as text. */
const FENCE = /^ {0,3}(?:`{3,}[^`]*$|~{3,})/;

/** A line that begins a paragraph of its own, as an item, a row or a heading does. */
const NEW_PARAGRAPH = /^\s*(?:$|[-*+]\s|[|#]|\d+[.)]\s)/;

/** A line that opens more than a hundred quotes and lists: people nest ten, and the parser needs seconds for thousands. */
const DEEP = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))){101}/;

/**
 * Whether a text is made to be slow rather than to be read. Looks at its lines alone, so that the answer is the same on
 * every machine; what it misses is left to be measured.
 */
export function isHostileMarkdown(text: string): boolean {
  let marks = 0;
  let isCode = false;
  for (const line of text.split('\n')) {
    if (FENCE.test(line)) isCode = !isCode;
    if (isCode || NEW_PARAGRAPH.test(line)) marks = 0;
    if (!isCode) marks += line.match(MARK)?.length ?? 0;
    if (marks > MAX_MARKS || DEEP.test(line)) return true;
  }
  return false;
}
