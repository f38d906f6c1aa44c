import 'server-only';
import type Anthropic from '@anthropic-ai/sdk';
import { ChatError, toChatError } from '@/lib/protocol/chat-error';
import type { Usage } from '@/lib/protocol/reply-event';
import type { ClaudeEvent } from './claude';
import { upstreamError } from './upstream-error';

type Frame = Anthropic.RawMessageStreamEvent | { type: 'error'; error?: { type?: string; message?: string } };
type Block = { type: string; text?: string; thinking?: string };

/**
 * One answer while its events arrive, in the API's words and out again in ours. `message_stop` ends it, or the close of a
 * connection that told a stop reason.
 */
export class Answer {
  /** The kind of each content block by its index; deltas say only where they belong. */
  readonly #kinds = new Map<number, string>();
  /** By the index of its block, the first half of a character whose second half is still to come, or nothing. */
  readonly #halves = new Map<number, string>();
  #messageId: string | undefined;
  #usage: Partial<Anthropic.MessageDeltaUsage> = {};
  #stopReason: string | null = null;
  #began = false;
  /** Whether everything of the answer has been sent, and nothing but `message_stop` is to come. */
  isClosing = false;
  isOver = false;

  get hasStopReason(): boolean {
    return this.#stopReason !== null;
  }

  /** What a frame shows. Throws `upstream_unreadable` for one that is not as the API writes it. */
  read(event: string, data: string): readonly ClaudeEvent[] {
    if (event === 'ping') return [];
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
    const end = { type: 'end', stopReason: this.#stopReason, usage: usageOf(this.#usage) } as const;
    return this.isOver ? end : { ...end, anomaly: 'no_message_stop' };
  }

  *#translate(frame: Frame): Generator<ClaudeEvent, void> {
    this.#began = true;
    switch (frame.type) {
      case 'message_start':
        if (this.#isRepeated(frame.message.id)) break;
        yield this.#note(frame.message.stop_reason, frame.message.usage);
        for (const [index, block] of (frame.message.content ?? []).entries()) yield* this.#showBlock(index, block);
        break;
      case 'content_block_start':
        this.#kinds.set(frame.index, frame.content_block.type);
        yield* this.#showBlock(frame.index, frame.content_block);
        break;
      case 'content_block_delta':
        yield* this.#showDelta(frame);
        break;
      case 'message_delta':
        yield this.#note(frame.delta.stop_reason, frame.usage);
        this.isClosing ||= this.hasStopReason;
        break;
      case 'message_stop':
        this.isOver = true;
        break;
      case 'error':
        throw upstreamError({ ...frame.error, cause: 'error event' });
    }
  }

  /** A gateway may say twice that a message begins. One that asked again by itself puts a second message behind the first. */
  #isRepeated(id: unknown): boolean {
    const isFirst = this.#messageId === undefined;
    if (isFirst) this.#messageId = String(id);
    else if (this.#messageId !== String(id)) {
      throw new ChatError('upstream_unreadable', { cause: 'a second message in the middle of the first' });
    }
    return !isFirst;
  }

  *#showBlock(index: number, block: Block): Generator<ClaudeEvent, void> {
    if (block.type === 'text') yield* show('text-delta', this.#wholeCharacters(index, block.text));
    if (block.type === 'thinking') yield* show('thinking-delta', this.#wholeCharacters(index, block.thinking));
  }

  *#showDelta({ index, delta }: Anthropic.RawContentBlockDeltaEvent): Generator<ClaudeEvent, void> {
    const kind = this.#kinds.get(index);
    if (delta.type === 'text_delta' && (kind ?? 'text') === 'text') {
      yield* show('text-delta', this.#wholeCharacters(index, delta.text));
    }
    if (delta.type === 'thinking_delta' && (kind ?? 'thinking') === 'thinking') {
      yield* show('thinking-delta', this.#wholeCharacters(index, delta.thinking));
    }
  }

  /**
   * A delta may end between the two halves of a character (a surrogate pair). A half that stays alone is no text: the API
   * would refuse the conversation that it stands in.
   */
  #wholeCharacters(index: number, text: unknown): string {
    const whole = (this.#halves.get(index) ?? '') + (requireString(text) ?? '');
    this.#halves.set(index, /[\uD800-\uDBFF]$/.exec(whole)?.[0] ?? '');
    return whole.replace(/\p{Surrogate}/gu, '');
  }

  /** Usage is cumulative: what comes later replaces what came before. */
  #note(stopReason: string | null, usage: Partial<Anthropic.MessageDeltaUsage> | null): ClaudeEvent {
    this.#stopReason = requireString(stopReason) ?? this.#stopReason;
    const told = Object.entries(usage ?? {}).filter(([, count]) => count !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(told) };
    return { type: 'usage', usage: usageOf(this.#usage) };
  }
}

function* show(type: 'text-delta' | 'thinking-delta', text: string): Generator<ClaudeEvent, void> {
  if (text !== '') yield { type, text };
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
  } catch {
    // The parser's own message quotes the text, which has no place in a log.
    throw new ChatError('upstream_unreadable', { cause: `an event of ${data.length} characters that is no JSON` });
  }
  throw new ChatError('upstream_unreadable', { cause: 'an event without a type' });
}
