import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const cache = new Map<string, string>();

/** The text of a prepared answer, without the newline that ends its file. Throws where there is none of that name. */
export function readAnswer(name: string): string {
  const cached = cache.get(name);
  if (cached !== undefined) return cached;
  const text = readFileSync(join(process.cwd(), 'lib/demo/answers', `${name}.md`), 'utf8').trimEnd();
  cache.set(name, text);
  return text;
}
