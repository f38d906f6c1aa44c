import type { WireError } from './chat-error';
import type { ContentPart } from './content';

/**
 * Why Claude stopped, in its own words (Messages API, `stop_reason`). A reason that this version does not know is
 * passed on as it is.
 */
export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded'
  | (string & {});

/** Tokens of one reply. `thinkingTokens` are part of `outputTokens`; the cache counts are beside `inputTokens`. */
export type Usage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly thinkingTokens?: number;
};

/** Measured on the server from the arrival of the request. `firstTokenMs` is null where nothing came. */
export type Timing = { readonly firstTokenMs: number | null; readonly totalMs: number };

/** One thing that happened in a reply. Exactly one of the last three ends it. */
export type ReplyEvent =
  | {
      readonly type: 'reply-start';
      readonly replyId: string;
      readonly model: string;
      readonly resumable: boolean;
      readonly simulated: boolean;
    }
  | {
      readonly type: 'reply-waiting';
      readonly reason: 'rate_limited' | 'overloaded' | 'upstream_unreachable' | 'upstream_failed';
      readonly retryInMs: number;
    }
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | TerminalEvent;

export type TerminalEvent =
  | { readonly type: 'reply-end'; readonly stopReason: StopReason; readonly usage: Usage; readonly timing: Timing }
  | { readonly type: 'reply-stopped'; readonly usage?: Usage | undefined }
  | { readonly type: 'reply-error'; readonly error: WireError };

/** The whole reply as one object: the machine-facing form of `POST /api/chat`. */
export type WholeReply = {
  readonly replyId: string;
  readonly model: string;
  readonly content: readonly ContentPart[];
  readonly stopReason: StopReason;
  readonly usage: Usage;
  readonly timing: Timing;
};

export function isTerminal(event: ReplyEvent): event is TerminalEvent {
  return event.type === 'reply-end' || event.type === 'reply-stopped' || event.type === 'reply-error';
}
