import { titleOf } from './history';

/** A text that its person wants to send again. One without a text is none: so a prompt of the beginning is deleted. */
export type Prompt = { readonly id: string; readonly name: string; readonly text: string };

/** What everybody has at first. They are not stored until they are changed. */
export const FIRST_PROMPTS: readonly Prompt[] = [
  {
    id: 'first-explain',
    name: 'Explain simply',
    text: 'Explain {{topic}} to someone who has never heard of it. Begin with one sentence, then give an example.',
  },
  {
    id: 'first-improve',
    name: 'Improve a text',
    text: 'Improve this text. Keep its meaning and its tone, and say what you changed.\n\n{{text}}',
  },
  {
    id: 'first-review',
    name: 'Review code',
    text: 'Review this code. Name real faults first, each with the line and a fix; leave matters of taste out.\n\n```\n{{code}}\n```',
  },
  {
    id: 'first-summarize',
    name: 'Summarize',
    text: 'Summarize this in five sentences. Then list what is left open.\n\n{{text}}',
  },
  {
    id: 'first-translate',
    name: 'Translate',
    text: 'Translate this into {{language}}. Keep the form.\n\n{{text}}',
  },
];

/** Whether a prompt is one that everybody has. */
export const isFirst = (id: string) => FIRST_PROMPTS.some((prompt) => prompt.id === id);

/** All there are, by name: what is stored, and of the first ones those that are as they were. */
export function promptsWith(stored: readonly Prompt[]): readonly Prompt[] {
  const known = new Set(stored.map(({ id }) => id));
  return [...stored, ...FIRST_PROMPTS.filter(({ id }) => !known.has(id))]
    .filter(({ text }) => text.trim() !== '')
    .toSorted((one, other) => one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1));
}

/** A name where none is given: the first words of the text. */
export function nameOf({ name, text }: Pick<Prompt, 'name' | 'text'>): string {
  return name.trim() || titleOf(text);
}

/** The prompts that are looked for: first those whose name begins so, then those that have it anywhere in their name. */
export function findPrompts(prompts: readonly Prompt[], query: string): readonly Prompt[] {
  const words = query.trim().toLocaleLowerCase();
  const isAt = (isIt: (at: number) => boolean) =>
    prompts.filter(({ name }) => isIt(name.toLocaleLowerCase().indexOf(words)));
  return [...isAt((at) => at === 0), ...isAt((at) => at > 0)];
}

/** A part of a text, by its first character and the one behind its last. */
export type TextRange = { readonly start: number; readonly end: number };

/** A slash at the beginning of a line, and what follows it up to the caret, where the line ends there; else null. */
export function slashBefore(text: string, caret: number): TextRange | null {
  const start = text.lastIndexOf('\n', caret - 1) + 1;
  const isWhole = caret === text.length || text[caret] === '\n';
  return isWhole && caret > start && text[start] === '/' ? { start, end: caret } : null;
}

/** A draft with a prompt in the place of a part of it, and what is to be selected then: its first placeholder, or its end. */
export function insertPrompt(draft: string, { start, end }: TextRange, text: string) {
  const placeholder = /\{\{[^{}\n]*\}\}/.exec(text);
  const from = placeholder ? start + placeholder.index : start + text.length;
  return {
    draft: draft.slice(0, start) + text + draft.slice(end),
    selection: { start: from, end: from + (placeholder?.[0].length ?? 0) },
  };
}
