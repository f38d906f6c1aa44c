/** One run of an answer, in arrival order: Claude's summarized thinking, or its text as Markdown. */
export type ContentPart = { readonly type: 'thinking' | 'text'; readonly text: string };

/**
 * Appends a delta to the parts of an answer. The last part grows while its kind stays the same; parts before it keep
 * their identity.
 */
export function appendToContent(
  content: readonly ContentPart[],
  type: ContentPart['type'],
  text: string,
): readonly ContentPart[] {
  const last = content.at(-1);
  if (last?.type !== type) return [...content, { type, text }];
  return [...content.slice(0, -1), { type, text: last.text + text }];
}

/** The text of an answer without its thinking. */
export function textOf(content: readonly ContentPart[]): string {
  return partsOf(content, 'text').join('');
}

/** The thinking of an answer; what came in several runs is set apart. */
export function thinkingOf(content: readonly ContentPart[]): string {
  return partsOf(content, 'thinking').join('\n\n');
}

function partsOf(content: readonly ContentPart[], type: ContentPart['type']): readonly string[] {
  return content.filter((part) => part.type === type).map((part) => part.text);
}
