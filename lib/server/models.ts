import 'server-only';
import type { Effort, ModelInfo } from '@/lib/protocol/models';

/**
 * What the server knows of a model beyond what it tells the browser. `thinkingOff` is how a request says "do not think":
 * with `disabled`, with `between_tools` (no thinking up front), by hiding the thinking of a model that always thinks, or
 * by leaving the parameter out.
 */
export type Model = ModelInfo & { readonly thinkingOff: 'disabled' | 'between_tools' | 'hidden' | 'omitted' };

const EVERY_EFFORT: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];
const CURRENT = {
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  efforts: EVERY_EFFORT,
} as const;

/** Claude's current line, the one for most work first (platform.claude.com, models overview, November 2026). */
export const CURRENT_MODELS: readonly Model[] = [
  { id: 'claude-sonnet-5-5', label: 'Claude Sonnet 5.5', ...CURRENT, thinkingOff: 'between_tools' },
  { id: 'claude-haiku-5-5', label: 'Claude Haiku 5.5', ...CURRENT, thinkingOff: 'disabled' },
  { id: 'claude-opus-5-5', label: 'Claude Opus 5.5', ...CURRENT, thinkingOff: 'hidden' },
  { id: 'claude-fable-5-2', label: 'Claude Fable 5.2', ...CURRENT, thinkingOff: 'hidden' },
];

/** Older models whose rules we know; offered only where the operator names them. */
const OLDER_MODELS: readonly Model[] = [
  {
    id: 'claude-haiku-4-5',
    label: 'Claude Haiku 4.5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    thinking: 'budget',
    efforts: [],
    thinkingOff: 'disabled',
  },
];

/**
 * The model of an id that the operator named. One we do not know gets the settings that every server of the Messages
 * API accepts: no thinking, no effort, and modest sizes.
 */
export function modelOf(id: string): Model {
  const known = [...CURRENT_MODELS, ...OLDER_MODELS].find((model) => model.id === id);
  return (
    known ?? {
      id,
      label: id,
      contextTokens: 128_000,
      maxOutputTokens: 32_000,
      thinking: 'none',
      efforts: [],
      thinkingOff: 'omitted',
    }
  );
}
