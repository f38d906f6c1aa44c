/** The texts that are streamed, always the same ones: what answers are made of, and what is hard to draw as it grows. */
import { fence, mixed, nestedList, table } from './render-blocks';
import { type LinkStyle, Prose, seeded } from './render-prose';

export type StreamedDocument = {
  readonly name: string;
  readonly text: string;
  /** In how many pieces it arrives, about one for each delta of an answer of this size. */
  readonly updates: number;
};

const referenceLink: LinkStyle = (text, number) => `[${text}][ref-${number}]`;

export const DOCUMENTS: readonly StreamedDocument[] = [
  { name: '4k', text: mixed(new Prose(1), 4_000, 3), updates: 215 },
  { name: '20k', text: mixed(new Prose(2), 20_000, 4), updates: 430 },
  { name: '100k', text: mixed(new Prose(3), 100_000, 8), updates: 165 },
  { name: 'fence', text: fence(new Prose(4), 50_000), updates: 165 },
  { name: 'list', text: nestedList(new Prose(5), 50_000), updates: 165 },
  { name: 'table', text: table(new Prose(6), 247), updates: 165 },
  { name: 'definitions', text: withLateDefinitions(new Prose(2, referenceLink)), updates: 430 },
];

/** What the links and the footnote mean is said at the very end. */
function withLateDefinitions(prose: Prose): string {
  const [first = '', ...others] = mixed(prose, 19_000, 4).split('\n\n');
  const footnote = `[^source]: ${prose.sentence()}`;
  const definitions = Array.from({ length: prose.links }, (_, at) => `[ref-${at + 1}]: https://example.com/${at + 1}`);
  const claim = `${prose.words(8)}[^source] and so on.`;
  return [first, claim, ...others, footnote, definitions.join('\n')].join('\n\n');
}

/** The text in pieces of about one size, cut wherever it falls; none is empty. */
export function cut({ text, updates }: Pick<StreamedDocument, 'text' | 'updates'>): string[] {
  const random = seeded(text.length);
  const size = text.length / updates;
  const ends = Array.from({ length: updates }, (_, at) => Math.floor((at + 0.6 + 0.4 * random()) * size));
  ends[updates - 1] = text.length;
  return ends.map((end, at) => text.slice(at === 0 ? 0 : ends[at - 1], end));
}
