import 'server-only';
import type Anthropic from '@anthropic-ai/sdk';
import type { Effort } from '@/lib/protocol/models';
import type { ClaudeCall } from './claude';
import type { Model } from './models';

/** The request in the form that each model accepts. `cache_control` lets the next turn read this one from the cache. */
export function createParams(call: ClaudeCall): Anthropic.MessageCreateParamsStreaming {
  const { model } = call;
  const thinking = thinkingParam(call);
  const effort = thinking?.type === 'disabled' && isAboveHigh(call.effort) ? 'high' : call.effort;
  return {
    model: model.id,
    max_tokens: call.maxTokens,
    messages: call.messages.map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? content : [...content],
    })),
    stream: true,
    cache_control: { type: 'ephemeral' },
    ...(call.system.length > 0 && { system: call.system.map((text) => ({ type: 'text' as const, text })) }),
    ...(thinking && { thinking }),
    ...(effort && { output_config: { effort } }),
  };
}

/** The API's smallest thinking budget, in tokens; it must also stay below `max_tokens`. */
const MIN_THINKING_BUDGET = 1024;

function thinkingParam({ model, thinking, maxTokens }: ClaudeCall): Anthropic.ThinkingConfigParam | undefined {
  if (model.thinking === 'none') return undefined;
  if (thinking === false) return thinkingOff(model);
  if (model.thinking === 'adaptive') return { type: 'adaptive', display: 'summarized' };
  // Unasked, a model with a budget does not think; and thinking takes at most half of the answer's tokens.
  const budget = Math.floor(maxTokens / 2);
  if (!thinking || budget < MIN_THINKING_BUDGET) return undefined;
  return { type: 'enabled', budget_tokens: budget };
}

function thinkingOff({ thinkingOff: form }: Model): Anthropic.ThinkingConfigParam | undefined {
  if (form === 'omitted') return undefined;
  return form === 'hidden' ? { type: 'adaptive', display: 'omitted' } : { type: form };
}

/** Models that let thinking be disabled do so only up to `high`. */
function isAboveHigh(effort: Effort | undefined): boolean {
  return effort === 'xhigh' || effort === 'max';
}
