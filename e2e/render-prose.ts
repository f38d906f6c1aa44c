/** Words without meaning, the same in each run: what a document of the bench is made of. */

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WORDS =
  'a an the of to in by for with from over under near when while because water river harbour lantern keeper window engine ' +
  'signal pattern measure answer question reader writer stream channel current bridge garden winter morning evening stone ' +
  'paper letter number record station journey market village mountain valley forest meadow weather season copper silver ' +
  'quiet steady narrow broad early late small heavy bright hidden simple careful gentle certain open carries follows keeps ' +
  'reaches turns holds grows crosses returns remains becomes appears changes waits begins settles';
const VOCABULARY = WORDS.split(' ');

/** How a link is written: its text and its number among the links. */
export type LinkStyle = (text: string, number: number) => string;

const inlineLink: LinkStyle = (text, number) => `[${text}](https://example.com/${text.replaceAll(' ', '-')}/${number})`;

export class Prose {
  readonly random: () => number;
  links = 0;

  constructor(
    seed: number,
    private readonly link: LinkStyle = inlineLink,
  ) {
    this.random = seeded(seed);
  }

  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)] as T;
  }

  words(count: number): string {
    return Array.from({ length: count }, () => this.pick(VOCABULARY)).join(' ');
  }

  title(): string {
    return capitalised(this.words(this.between(2, 5)));
  }

  /** Some words, now and then marked in one of the ways that people mark words. */
  phrase(): string {
    const text = this.words(this.between(2, 6));
    const chance = this.random();
    if (chance < 0.08) return `**${text}**`;
    if (chance < 0.15) return `*${text}*`;
    if (chance < 0.24) return `\`${text.replaceAll(' ', '_')}\``;
    if (chance < 0.29) {
      this.links += 1;
      return this.link(text, this.links);
    }
    return text;
  }

  sentence(): string {
    const phrases = Array.from({ length: this.between(2, 4) }, () => this.phrase());
    return `${capitalised(phrases.join(', '))}.`;
  }

  paragraph(sentences = this.between(1, 5)): string {
    return Array.from({ length: sentences }, () => this.sentence()).join(' ');
  }
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
