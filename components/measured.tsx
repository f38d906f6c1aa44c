import { useContext } from 'react';
import { costOf, formatCost } from '@/lib/chat/cost';
import type { Timing, Usage } from '@/lib/protocol/reply-event';
import { Offer } from './offer';

type MeasuredProps = { readonly modelId: string | undefined; readonly usage: Usage; readonly timing: Timing };

/** Who answered, how fast, and what that took. */
export function Measured({ modelId, usage, timing }: MeasuredProps) {
  const { models, isSimulated } = useContext(Offer);
  const { outputTokens, cacheReadTokens, cacheWriteTokens, inputTokens, thinkingTokens = 0 } = usage;
  const cost = isSimulated || modelId === undefined ? null : costOf(usage, modelId);
  const speed = speedOf(outputTokens, timing);
  const facts = [
    models.find(({ id }) => id === modelId)?.label ?? modelId,
    timing.firstTokenMs !== null && `first token ${seconds(timing.firstTokenMs)}`,
    `total ${seconds(timing.totalMs)}`,
    speed !== null && `${speed} tokens/s`,
    `${count(inputTokens + cacheReadTokens + cacheWriteTokens)} tokens in`,
    `${count(outputTokens)} out`,
    thinkingTokens > 0 && `${count(thinkingTokens)} thinking`,
    cacheReadTokens > 0 && `${count(cacheReadTokens)} from cache`,
    cost !== null && formatCost(cost),
  ];
  return (
    <ul className="flex flex-wrap gap-x-3 tabular-nums" aria-label="Measured">
      {facts.filter(Boolean).map((fact) => (
        <li key={String(fact)}>{fact}</li>
      ))}
    </ul>
  );
}

/** In less time than this all came at once, and a speed means nothing. */
const LEAST_MS = 200;

function speedOf(outputTokens: number, { firstTokenMs, totalMs }: Timing): number | null {
  const writingMs = totalMs - (firstTokenMs ?? totalMs);
  return writingMs < LEAST_MS ? null : Math.round(outputTokens / (writingMs / 1000));
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const count = (tokens: number) => tokens.toLocaleString('en-US');
