import 'server-only';
import type { RequestBlock } from '@/lib/protocol/chat-request';
import type { ClaudeCall } from './claude';
import type { ReplyLogLine } from './log';

/** Of English prose it is four, of code and of most other languages less: a guess that is rather too high. */
const CHARACTERS_PER_TOKEN = 3;
/** The most that Claude makes of an image. */
const IMAGE_TOKENS = 4784;
/** A page of a PDF is some 2,000 tokens and rarely less than 80 kB of base64. */
const PDF_CHARACTERS_PER_TOKEN = 40;

/** What a call can cost at most, about: it is not known before Claude has counted. */
export function estimateCall({ system, messages, maxTokens }: ClaudeCall): number {
  const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [textBlock(content)] : content));
  return [...system.map(textBlock), ...blocks].reduce((sum, block) => sum + estimateBlock(block), maxTokens);
}

/** How replies end of which somebody left, rather than Claude refused them. */
const LEFT = ['stopped', 'abandoned', 'interrupted'];

/**
 * What a reply has cost. Of one that was cut Claude has not counted the output, so its characters are; nor the question of one
 * that was left very soon, which it has been reading all the same: that counts as `questionTokens`.
 */
export function estimateSpent(
  { inputTokens, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0, outcome, attempts }: ReplyLogLine,
  shownCharacters: number,
  questionTokens: number,
): number {
  if (inputTokens === undefined) return attempts > 0 && LEFT.includes(outcome) ? questionTokens : 0;
  const shownTokens = outcome === 'complete' ? 0 : Math.ceil(shownCharacters / CHARACTERS_PER_TOKEN);
  return inputTokens + cacheReadTokens + cacheWriteTokens + Math.max(outputTokens, shownTokens);
}

function estimateBlock(block: RequestBlock): number {
  if (block.type === 'image') return IMAGE_TOKENS;
  if (block.type === 'text') return Math.ceil(block.text.length / CHARACTERS_PER_TOKEN);
  const perToken = block.mediaType === 'application/pdf' ? PDF_CHARACTERS_PER_TOKEN : CHARACTERS_PER_TOKEN;
  return Math.ceil(block.data.length / perToken);
}

const textBlock = (text: string) => ({ type: 'text', text }) as const;
