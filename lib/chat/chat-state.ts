import type { WireError } from '@/lib/protocol/chat-error';
import type { ContentPart } from '@/lib/protocol/content';
import type { ReplyEvent, StopReason, Timing, Usage } from '@/lib/protocol/reply-event';

/** A turn of the person. */
export type UserMessage = { readonly id: string; readonly role: 'user'; readonly text: string };

/** How a reply ended. Only `complete` has an answer that Claude finished; `failed` has nothing to show. */
export type ReplyEnd =
  | { readonly status: 'complete'; readonly stopReason: StopReason; readonly usage: Usage; readonly timing: Timing }
  | { readonly status: 'stopped'; readonly usage?: Usage | undefined }
  | {
      readonly status: 'interrupted' | 'failed';
      readonly error: WireError;
      /** From when on another try is welcome, where the server knows; the browser's time in milliseconds. */
      readonly retryAt: number | null;
    };

/** A reply that is over: what it showed, and how it ended. */
export type Attempt = {
  readonly id: string;
  readonly content: readonly ContentPart[];
  readonly thinkingMs: number | null;
  readonly end: ReplyEnd;
};

/** A turn of Claude: committed once, whole, never changed. Earlier attempts at the same answer stay with it. */
export type AssistantMessage = Attempt & { readonly role: 'assistant'; readonly earlier: readonly Attempt[] };

export type Message = UserMessage | AssistantMessage;

/** What a running reply is doing. Times are the browser's, in milliseconds. */
export type ReplyPhase =
  | { readonly name: 'sending' }
  | {
      readonly name: 'waiting';
      readonly reason: Extract<ReplyEvent, { type: 'reply-waiting' }>['reason'];
      readonly retryAt: number;
    }
  | { readonly name: 'thinking' }
  | { readonly name: 'streaming' };

/** The reply that is being produced. It becomes a message when it ends. */
export type Reply = {
  readonly id: string;
  readonly phase: ReplyPhase;
  readonly content: readonly ContentPart[];
  /** The model that was chosen for it; undefined for the server's default. */
  readonly model: string | undefined;
  /** Number of the newest event that it holds; 0 before the first. */
  readonly lastSeq: number;
  /** Whether its events can be asked for again; null as long as the server has not said so. */
  readonly isResumable: boolean | null;
  /** `stopping`: its reader wants it to end, and the server has not confirmed that yet. */
  readonly connection: 'open' | 'lost' | 'stopping';
  readonly startedAt: number;
  /** When the newest event arrived, or when the reply was asked for. */
  readonly heardAt: number;
  /** When the first thinking arrived, and how long it took until the text began. */
  readonly thinkingSince: number | null;
  readonly thinkingMs: number | null;
  readonly earlier: readonly Attempt[];
};

/** A conversation: its finished turns, and the reply that runs, if one does. */
export type ChatState = { readonly messages: readonly Message[]; readonly reply: Reply | null };

export const EMPTY_CHAT: ChatState = { messages: [], reply: null };
