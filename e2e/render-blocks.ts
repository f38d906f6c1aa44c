/** Blocks of Markdown of any size, made of prose. */
import type { Prose } from './render-prose';

/** As many of what `make` gives as it takes to reach a length. */
export function fill(chars: number, separator: string, make: (at: number) => string): string {
  const parts: string[] = [];
  for (let length = 0; length < chars; ) {
    const part = make(parts.length);
    parts.push(part);
    length += part.length + separator.length;
  }
  return parts.join(separator);
}

const statements: readonly ((prose: Prose, name: string) => string)[] = [
  (prose, name) => `const ${name} = await ${camel(prose, 2)}(${camel(prose, 1)}, { limit: ${prose.between(1, 500)} });`,
  (prose, name) => `if (${name}.length > ${prose.between(1, 90)}) return '${prose.words(3)}';`,
  (prose) => `// ${prose.words(prose.between(4, 10))}`,
  (prose, name) => `for (const ${camel(prose, 1)} of ${name}) total += ${camel(prose, 1)}.${camel(prose, 1)};`,
  (prose, name) => `console.log(\`${prose.words(2)} \${${name}.id}: \${total * ${prose.random().toFixed(2)}}\`);`,
  (prose, name) => `${name}.set(/^${prose.words(1)}-\\d+$/u, new Map<string, number>());`,
];

/** A declaration of TypeScript that means nothing, without a blank line at its end. */
export function declaration(prose: Prose): string {
  const lines = Array.from({ length: prose.between(3, 9) }, () => prose.pick(statements)(prose, camel(prose, 2)));
  const name = camel(prose, 3);
  const head = `export async function ${name}(${camel(prose, 1)}: readonly string[], total = 0): Promise<string | null> {`;
  return [head, ...lines.map((line) => `  ${line}`), '  return null;', '}'].join('\n');
}

export const fence = (prose: Prose, chars: number) =>
  `\`\`\`ts\n${fill(chars, '\n\n', () => declaration(prose))}\n\`\`\``;

export function table(prose: Prose, rows: number): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cells = () => [prose.title(), prose.phrase(), prose.phrase(), String(prose.between(1, 99_999)), prose.words(3)];
  const head = row(['Name', 'Purpose', 'Where', 'Count', 'Notes']);
  return [head, '|---|---|:--|--:|---|', ...Array.from({ length: rows }, () => row(cells()))].join('\n');
}

/** A tight list whose items go in and out between three levels. */
export function nestedList(prose: Prose, chars: number): string {
  let level = 0;
  return fill(chars, '\n', (at) => {
    level = at === 0 ? 0 : Math.min(prose.between(0, 2), level + 1);
    return `${'  '.repeat(level)}- ${prose.sentence()}`;
  });
}

const bullet = () => '-';
const ordinal = (at: number) => `${at + 1}.`;

export const shortList = (prose: Prose, marker: (at: number) => string) =>
  Array.from({ length: prose.between(3, 6) }, (_, at) => `${marker(at)} ${prose.sentence()}`).join('\n');

/** Headings, paragraphs, lists, quotes, some code and a table now and then, as answers have them. */
export function mixed(prose: Prose, chars: number, sentences: number): string {
  return fill(chars, '\n\n', (at) => {
    if (at % 9 === 0) return `${prose.pick(['##', '##', '###'])} ${prose.title()}`;
    if (at % 9 === 4) return shortList(prose, prose.pick([bullet, ordinal]));
    if (at % 27 === 7) return fence(prose, 500);
    if (at % 27 === 15) return table(prose, 6);
    if (at % 27 === 24) return `> ${prose.paragraph(2)}`;
    return prose.paragraph(prose.between(1, sentences));
  });
}

function camel(prose: Prose, words: number): string {
  return prose.words(words).replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
}
