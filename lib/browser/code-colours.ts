/** What the parts of code are told apart by. The first has the colour of text. */
export const CODE_KINDS = [
  'text',
  'comment',
  'keyword',
  'string',
  'constant',
  'function',
  'type',
  'name',
  'inserted',
  'deleted',
] as const;

export type CodeKind = (typeof CODE_KINDS)[number];

/** How a line is coloured: pairs of where a part ends, in characters, and the index of its kind. What is left over is text. */
export type LineColours = readonly number[];

export type ColouredPart = { readonly text: string; readonly kind: CodeKind };

/** A line as the parts of one colour that it consists of; joined they are the line. */
export function partsOf(line: string, colours: LineColours): readonly ColouredPart[] {
  const parts: ColouredPart[] = [];
  let start = 0;
  for (let at = 0; at + 1 < colours.length; at += 2) {
    const end = colours[at] ?? start;
    parts.push({ text: line.slice(start, end), kind: CODE_KINDS[colours[at + 1] ?? 0] ?? 'text' });
    start = end;
  }
  if (start < line.length) parts.push({ text: line.slice(start), kind: 'text' });
  return parts;
}
