import type { Usage } from '@/lib/protocol/reply-event';
import type { ReplyEnd } from './chat-state';
import { pricesOf } from './prices';

const A_MILLION = 1_000_000;

/** The tokens of a prompt, wherever they came from. */
const promptTokens = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage) =>
  inputTokens + cacheReadTokens + cacheWriteTokens;

/** What a reply cost by the list prices, in US dollars; null where they are not known, or the usage makes no sense. */
export function costOf(usage: Usage, modelId: string): number | null {
  const list = pricesOf(modelId);
  const counts = [usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens];
  if (!list || !counts.every(isCount)) return null;
  const { longPrompt } = list;
  const prices = longPrompt && promptTokens(usage) > longPrompt.aboveTokens ? longPrompt : list;
  return (
    (usage.inputTokens * prices.input +
      usage.outputTokens * prices.output +
      usage.cacheReadTokens * prices.cacheRead +
      usage.cacheWriteTokens * prices.cacheWrite) /
    A_MILLION
  );
}

/** What several replies cost together. `isWhole` is false where the cost of some is not known: then it is at least this. */
export type TotalCost = { readonly usd: number; readonly isWhole: boolean };

export function totalCost(costs: readonly (number | null)[]): TotalCost {
  const known = costs.filter((cost) => cost !== null);
  return { usd: known.reduce((sum, cost) => sum + cost, 0), isWhole: known.length === costs.length };
}

/** Less than this is said to be less than this: a price is not nothing. */
const LEAST_SHOWN_USD = 0.0001;

/** From here on a cent more or less is what matters. */
const CENTS_FROM_USD = 0.1;

const MILLS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** US dollars for a person: “$0.0031”, “$1.50”, “< $0.0001”. Only what cost nothing is “$0.00”. */
export function formatCost(usd: number): string {
  if (usd > 0 && usd < LEAST_SHOWN_USD) return `< $${LEAST_SHOWN_USD}`;
  return `$${(usd < CENTS_FROM_USD ? MILLS : CENTS).format(usd)}`;
}

/** What counts of a message: whose it is, and how an answer ended. */
type Turn = { readonly role: 'user' } | { readonly role: 'assistant'; readonly end: ReplyEnd };

/** How full a model's context is. `share` is from 0, and more than 1 where the next request cannot fit. */
export type ContextUse = { readonly tokens: number; readonly share: number };

/**
 * What the next request of a conversation takes at least: the prompt of the last complete answer and the answer itself,
 * without its thinking, which does not go back. Null before the first one. A refused turn does not go back either.
 */
export function contextUse(turns: readonly Turn[], contextTokens: number): ContextUse | null {
  for (const turn of turns.toReversed()) {
    if (turn.role !== 'assistant' || turn.end.status !== 'complete') continue;
    const { stopReason, usage } = turn.end;
    if (stopReason === 'refusal') continue;
    const tokens = promptTokens(usage) + Math.max(0, usage.outputTokens - (usage.thinkingTokens ?? 0));
    return isCount(tokens) && contextTokens > 0 ? { tokens, share: tokens / contextTokens } : null;
  }
  return null;
}

const isCount = (tokens: number) => Number.isFinite(tokens) && tokens >= 0;
