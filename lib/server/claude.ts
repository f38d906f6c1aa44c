import 'server-only';
import Anthropic from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/streaming';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import type { RequestMessage } from '@/lib/protocol/chat-request';
import type { Effort } from '@/lib/protocol/models';
import type { StopReason, Usage } from '@/lib/protocol/reply-event';
import type { Config } from './config';
import type { Model } from './models';
import { upstreamError } from './upstream-error';
import { upstreamFetch } from './upstream-fetch';

/** One question to Claude. `maxTokens` counts thinking and text together. */
export type ClaudeCall = {
  readonly model: Model;
  readonly system: readonly string[];
  readonly messages: readonly RequestMessage[];
  readonly thinking: boolean | undefined;
  readonly effort: Effort | undefined;
  readonly maxTokens: number;
};

/** What comes back, in our words. `alive` is a sign of life without anything to show. Only `end` completes an answer. */
export type ClaudeEvent =
  | { readonly type: 'accepted'; readonly upstreamRequestId: string | undefined }
  | { readonly type: 'alive' }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'thinking-delta' | 'text-delta'; readonly text: string }
  | { readonly type: 'end'; readonly stopReason: StopReason; readonly usage: Usage };

/**
 * Asks once, without retries. Ends after `end`; throws `ChatError` on everything else, a connection that closed without
 * a stop reason included. Aborting the signal closes the connection at any moment and ends with the signal's reason.
 */
export type AskClaude = (call: ClaudeCall, signal: AbortSignal) => AsyncGenerator<ClaudeEvent, void>;

/** The SDK's limit is for the headers alone; the watchdog's are for everything. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** How long the server may take to end a response that is complete; a connection that ends in time is used again. */
const LINGER_MS = 250;

/** Connects to Claude, or to whatever `fetch` stands in for it. */
export function connectClaude(access: Config['claude'], fetch = upstreamFetch): AskClaude {
  const client = new Anthropic({
    apiKey: access.apiKey ?? null,
    authToken: access.authToken ?? null,
    baseURL: access.baseUrl ?? null,
    maxRetries: 0,
    logLevel: 'off',
    timeout: NO_TIMEOUT_MS,
    fetch,
  });
  return async function* ask(call, signal) {
    const answer = new Answer();
    const hangUp = new AbortController();
    let linger: NodeJS.Timeout | undefined;
    try {
      const either = AbortSignal.any([signal, hangUp.signal]);
      const response = await client.messages.create(createParams(call), { signal: either }).asResponse();
      yield { type: 'accepted', upstreamRequestId: response.headers.get('request-id') ?? undefined };
      for await (const { event, data } of Stream.rawEvents(response)) {
        // What follows `message_stop` is only waited for, so that the connection can be used again.
        if (linger || event === null) continue;
        for (const shown of answer.read(event, data)) yield shown;
        if (!answer.isOver) continue;
        yield answer.end();
        linger = setTimeout(() => hangUp.abort(), LINGER_MS);
      }
      if (!linger) yield answer.end();
    } catch (error) {
      if (linger) return;
      signal.throwIfAborted();
      // A connection that breaks behind the stop reason takes nothing from the answer.
      if (!answer.hasStopReason || error instanceof ChatError) throw translateError(error);
      yield answer.end();
    } finally {
      clearTimeout(linger);
    }
  };
}

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

type Frame = Anthropic.RawMessageStreamEvent | { type: 'error'; error?: { type?: string; message?: string } };
type Block = { type: string; text?: string; thinking?: string };

/** One answer while its events arrive. `message_stop` ends it, or the close of a connection that told a stop reason. */
class Answer {
  /** The kind of each content block by its index; deltas say only where they belong. */
  readonly #kinds = new Map<number, string>();
  #usage: Partial<Anthropic.MessageDeltaUsage> = {};
  #stopReason: string | null = null;
  #began = false;
  isOver = false;

  get hasStopReason(): boolean {
    return this.#stopReason !== null;
  }

  /** What a frame shows. Throws `upstream_unreadable` for one that is not as the API writes it. */
  read(event: string, data: string): readonly ClaudeEvent[] {
    if (event === 'ping') return [{ type: 'alive' }];
    try {
      return [...this.#translate(parseFrame(data))];
    } catch (error) {
      throw toChatError(error, 'upstream_unreadable');
    }
  }

  /** The end, where Claude has told why. Throws `upstream_cut` where it has not, `upstream_unreadable` where nothing came. */
  end(): ClaudeEvent {
    if (!this.#began) throw new ChatError('upstream_unreadable', { cause: 'no event in the response' });
    if (this.#stopReason === null) throw new ChatError('upstream_cut', { cause: 'no stop reason' });
    return { type: 'end', stopReason: this.#stopReason, usage: usageOf(this.#usage) };
  }

  *#translate(frame: Frame): Generator<ClaudeEvent, void> {
    this.#began = true;
    switch (frame.type) {
      case 'message_start':
        yield this.#note(frame.message.stop_reason, frame.message.usage);
        for (const block of frame.message.content ?? []) yield* showBlock(block);
        break;
      case 'content_block_start':
        this.#kinds.set(frame.index, frame.content_block.type);
        yield* showBlock(frame.content_block);
        break;
      case 'content_block_delta':
        yield* this.#showDelta(frame);
        break;
      case 'message_delta':
        yield this.#note(frame.delta.stop_reason, frame.usage);
        break;
      case 'message_stop':
        this.isOver = true;
        break;
      case 'error':
        throw upstreamError({ ...frame.error, cause: 'error event' });
      default:
        yield { type: 'alive' };
    }
  }

  *#showDelta({ index, delta }: Anthropic.RawContentBlockDeltaEvent): Generator<ClaudeEvent, void> {
    const kind = this.#kinds.get(index);
    if (delta.type === 'text_delta' && (kind ?? 'text') === 'text') yield* show('text-delta', delta.text);
    else if (delta.type === 'thinking_delta' && (kind ?? 'thinking') === 'thinking') {
      yield* show('thinking-delta', delta.thinking);
    } else yield { type: 'alive' };
  }

  /** Usage is cumulative: what comes later replaces what came before. */
  #note(stopReason: string | null, usage: Partial<Anthropic.MessageDeltaUsage> | null): ClaudeEvent {
    this.#stopReason = requireString(stopReason) ?? this.#stopReason;
    const told = Object.entries(usage ?? {}).filter(([, count]) => count !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
    return { type: 'usage', usage: usageOf(this.#usage) };
  }
}

function* showBlock(block: Block): Generator<ClaudeEvent, void> {
  if (block.type === 'text') yield* show('text-delta', block.text);
  if (block.type === 'thinking') yield* show('thinking-delta', block.thinking);
}

function* show(type: 'text-delta' | 'thinking-delta', text: string | undefined): Generator<ClaudeEvent, void> {
  const shown = requireString(text);
  if (shown) yield { type, text: shown };
}

/** The types are a promise of Claude's API, and other servers speak it too. Throws `upstream_unreadable`. */
function requireString(value: unknown): string | null {
  if (value === undefined || value === null || typeof value === 'string') return value ?? null;
  throw new ChatError('upstream_unreadable', { cause: 'a field of another type' });
}

function usageOf(usage: Partial<Anthropic.MessageDeltaUsage>): Usage {
  const thinkingTokens = usage.output_tokens_details?.thinking_tokens;
  return {
    inputTokens: countOf(usage.input_tokens),
    outputTokens: countOf(usage.output_tokens),
    cacheReadTokens: countOf(usage.cache_read_input_tokens),
    cacheWriteTokens: countOf(usage.cache_creation_input_tokens),
    ...(thinkingTokens !== undefined && { thinkingTokens: countOf(thinkingTokens) }),
  };
}

const countOf = (tokens: unknown) => (typeof tokens === 'number' ? tokens : 0);

function parseFrame(data: string): Frame {
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame === 'object' && frame !== null && 'type' in frame) return frame as Frame;
  } catch (error) {
    throw new ChatError('upstream_unreadable', { cause: error });
  }
  throw new ChatError('upstream_unreadable', { cause: 'an event without a type' });
}

function translateError(error: unknown): ChatError {
  if (error instanceof ChatError) return error;
  if (error instanceof Anthropic.APIConnectionError) return new ChatError('upstream_unreachable', { cause: error });
  if (!(error instanceof Anthropic.APIError)) return new ChatError('upstream_cut', { cause: error });
  const { type, status, headers, apiMessage } = error;
  return upstreamError({ type, status, message: apiMessage, retryAfter: headers?.get('retry-after'), cause: error });
}
