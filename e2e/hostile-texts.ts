import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A text that breaks renderers of Markdown, and the size of the pieces in which it arrives. */
export type HostileText = { readonly name: string; readonly text: string; readonly pieceChars: number };

const OWN: readonly (readonly [name: string, text: string])[] = [
  ['2,000 rules in one line', '- '.repeat(2000)],
  ['2,000 lists in each other', `${'- '.repeat(2000)}a`],
  ['5,000 quotes in each other', '> '.repeat(5000)],
  ['2,000 openings of emphasis', '*a **a '.repeat(2000)],
  ['3,000 openings of an image', '!['.repeat(3000)],
  ['1,500 images in each other', '!['.repeat(1500) + '](a)'.repeat(1500)],
];

/** Each comes once as a whole and once as a model writes it. */
export const OWN_TEXTS: readonly HostileText[] = OWN.flatMap(([name, text]) => [
  { name: `${name}, at once`, text, pieceChars: text.length },
  { name: `${name}, bit by bit`, text, pieceChars: 100 },
]);

/** More than any answer has; a renderer whose time grows with the square shows it at this size. */
const MAX_CHARS = 60_000;
const PIECE_CHARS = 2000;

/** Every text in a folder of `*.md.gz`, but for blank ones: they are no answer, and are shown as none. */
export function readHostileTexts(folder: string): readonly HostileText[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.md.gz'));
  const texts = files.sort().map((file) => {
    const text = gunzipSync(readFileSync(join(folder, file))).toString('utf8');
    return { name: file.replace('.md.gz', ''), text: text.slice(0, MAX_CHARS), pieceChars: PIECE_CHARS };
  });
  return texts.filter(({ text }) => text.trim() !== '');
}

export function piecesOf({ text, pieceChars }: HostileText): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / pieceChars) }, (_, number) =>
    text.slice(number * pieceChars, (number + 1) * pieceChars),
  );
}
