import type { WireError } from '@/lib/protocol/chat-error';
import type { ContentPart } from '@/lib/protocol/content';
import type { ReplyEvent, StopReason, Timing, Usage } from '@/lib/protocol/reply-event';
import type { MessageFiles } from './attachment';
import type { ChatSettings } from './chat-settings';

/** Where a turn stands: behind another one, or at the beginning of the conversation. */
type Place = { readonly id: string; readonly parentId: string | null };

/** A turn of the person. Its text may be empty where it has files. */
export type UserMessage = Place &
  MessageFiles & { readonly role: 'user'; readonly text: string; readonly createdAt: number };

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

/** A turn of Claude: a reply that is over, committed once, whole, and never changed. */
export type AssistantMessage = Place & {
  readonly role: 'assistant';
  readonly content: readonly ContentPart[];
  readonly thinkingMs: number | null;
  /** As the server named it, or as it was asked for; undefined where nobody said. */
  readonly model?: string | undefined;
  readonly end: ReplyEnd;
  readonly createdAt: number;
};

/** One turn. `createdAt` is the browser's time in milliseconds, and always later than that of the turn before. */
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

/** The reply that is being produced. It becomes a message when it ends; its parent is its question. */
export type Reply = {
  readonly id: string;
  readonly parentId: string;
  readonly phase: ReplyPhase;
  readonly content: readonly ContentPart[];
  /** What it was asked for with. */
  readonly settings: ChatSettings;
  /** As for a message. */
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
};

/** A message that waits for the end of the reply that runs. It keeps its id when it is sent. */
export type QueuedMessage = MessageFiles & {
  readonly id: string;
  readonly text: string;
  readonly settings: ChatSettings;
};

/** What a person decided about a chat, beside what was said in it. */
export type ChatChoices = {
  /** When the last of it was decided, in milliseconds; 0 where nothing was. */
  readonly decidedAt: number;
  /** Which of the turns behind another one is shown, where it is not the newest; by the id of that one, or `FIRST`. */
  readonly branches: Readonly<Record<string, string>>;
  /** The turns that were deleted, and since when. */
  readonly deleted: Readonly<Record<string, number>>;
  readonly settings: ChatSettings;
  /** What is to be sent next, in this order. */
  readonly queue: readonly QueuedMessage[];
};

/** The name under which a choice among the first turns is kept. */
export const FIRST = '';

/**
 * A conversation: its finished turns in the order in which they came, and the reply that runs, if one does. The turns are a
 * tree: another attempt at an answer, or another wording of a question, stands beside the first one.
 */
export type ChatState = {
  readonly messages: readonly Message[];
  readonly reply: Reply | null;
  readonly choices: ChatChoices;
};

export const NO_CHOICES: ChatChoices = { decidedAt: 0, branches: {}, deleted: {}, settings: {}, queue: [] };

export const EMPTY_CHAT: ChatState = { messages: [], reply: null, choices: NO_CHOICES };
