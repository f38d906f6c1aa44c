import 'server-only';
import type Anthropic from '@anthropic-ai/sdk';
import type { RequestBlock } from '@/lib/protocol/chat-request';
import type { Effort } from '@/lib/protocol/models';
import { textOfFile } from './attached-files';
import type { ClaudeCall } from './claude';
import type { Model } from './models';

/** The request in the form that each model accepts. `cache_control` lets the next turn read this one from the cache. */
export function createParams(call: ClaudeCall): Anthropic.MessageCreateParamsStreaming {
  const { model } = call;
  const thinking = thinkingParam(call);
  const effort = isOff(thinking) && isAboveHigh(call.effort) ? 'high' : call.effort;
  return {
    model: model.id,
    max_tokens: call.maxTokens,
    messages: call.messages.map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? content : content.map(blockParam),
    })),
    stream: true,
    cache_control: { type: 'ephemeral' },
    ...(call.system.length > 0 && { system: call.system.map((text) => ({ type: 'text' as const, text })) }),
    ...(thinking && { thinking }),
    ...(effort && { output_config: { effort } }),
  };
}

/** A block as the API takes it. The same block is always the same bytes: the cache finds a conversation by them. */
function blockParam(block: RequestBlock): Anthropic.ContentBlockParam {
  if (block.type === 'text') return { type: 'text', text: block.text };
  const { mediaType, data } = block;
  if (block.type === 'image') return { type: 'image', source: { type: 'base64', media_type: block.mediaType, data } };
  return { type: 'document', source: documentSource(mediaType, data), ...(block.name && { title: block.name }) };
}

/** The API takes a PDF as it is, and of a text its characters. */
function documentSource(mediaType: string, data: string): Anthropic.DocumentBlockParam['source'] {
  if (mediaType === 'application/pdf') return { type: 'base64', media_type: mediaType, data };
  return { type: 'text', media_type: 'text/plain', data: textOfFile(Buffer.from(data, 'base64')) ?? '' };
}

/** The API's smallest thinking budget, in tokens; it must also stay below `max_tokens`. */
const MIN_THINKING_BUDGET = 1024;

function thinkingParam({ model, thinking, maxTokens }: ClaudeCall): Anthropic.ThinkingConfigParam | undefined {
  if (model.thinking === 'none') return undefined;
  if (thinking === false) return thinkingOff(model);
  if (model.thinking === 'adaptive') {
    return thinking || model.thinksUnasked ? { type: 'adaptive', display: 'summarized' } : undefined;
  }
  // Unasked, a model with a budget does not think; and thinking takes at most half of the answer's tokens.
  const budget = Math.floor(maxTokens / 2);
  if (!thinking || budget < MIN_THINKING_BUDGET) return undefined;
  return { type: 'enabled', budget_tokens: budget };
}

function thinkingOff({ thinkingOff: form }: Model): Anthropic.ThinkingConfigParam | undefined {
  if (form === 'omitted') return undefined;
  return form === 'hidden' ? { type: 'adaptive', display: 'omitted' } : { type: form };
}

/** Models whose thinking can be turned off refuse that above `high`. */
function isOff(thinking: Anthropic.ThinkingConfigParam | undefined): boolean {
  return thinking?.type === 'disabled' || thinking?.type === 'between_tools';
}

function isAboveHigh(effort: Effort | undefined): boolean {
  return effort === 'xhigh' || effort === 'max';
}
