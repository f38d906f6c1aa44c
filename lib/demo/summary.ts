import { questionBefore, SUMMARY_INSTRUCTIONS } from '@/lib/protocol/summary';

/** The most of a question that says what it was. */
const MAX_CHARS = 120;

/** Whether a request with these system prompts wants a conversation summed up. */
export function asksForSummary(system: readonly string[]): boolean {
  return system.includes(SUMMARY_INSTRUCTIONS);
}

/** How the simulated Claude sums up a conversation: by what was asked in it. */
export function summaryFor(messages: readonly string[]): string {
  const questions = messages.filter((_, index) => index % 2 === 0).map((text) => questionBefore(text).trim());
  const lines = questions.filter(Boolean).map((question) => `- ${shorten(question.replace(/\s+/g, ' '))}`);
  return ['**What was asked**', '', ...lines, '', 'This summary is simulated: nobody has read the answers.'].join('\n');
}

function shorten(question: string): string {
  const characters = Array.from(question);
  return characters.length <= MAX_CHARS ? question : `${characters.slice(0, MAX_CHARS - 1).join('')}…`;
}
