import { questionIn, TITLE_INSTRUCTIONS } from '@/lib/protocol/title';
import { SCENARIOS } from './scenarios';

/** As many words as are wanted of a real model. */
const MAX_WORDS = 6;

/** Whether a request with these system prompts wants the title of a conversation. */
export function asksForTitle(system: readonly string[]): boolean {
  return system.includes(TITLE_INSTRUCTIONS);
}

/** What the simulated Claude calls a conversation: what its suggestion is called, else the first words of the question. */
export function titleFor(prompt: string): string {
  const question = questionIn(prompt).trim();
  const scenario = SCENARIOS.find((candidate) => candidate.prompt === question);
  if (scenario) return scenario.label;
  const words = question.split(/\s+/);
  return words.slice(0, MAX_WORDS).join(' ') + (words.length > MAX_WORDS ? '…' : '');
}
