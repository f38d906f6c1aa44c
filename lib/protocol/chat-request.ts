import type { Effort } from './models';

/** A block of a message that the client sends. */
export type RequestBlock = { readonly type: 'text'; readonly text: string };

/** One turn of the conversation as it is sent; `system` is not a role here. */
export type RequestMessage = {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly RequestBlock[];
};

/** The body of `POST /api/chat`. The last message is the user's; unknown fields are refused. */
export type ChatRequest = {
  /** The client's name for the reply: url-safe, at least 128 random bits (22 characters). */
  readonly replyId?: string | undefined;
  readonly messages: readonly RequestMessage[];
  readonly model?: string | undefined;
  readonly system?: string | undefined;
  /** Whether Claude may think before it answers. Default: as the model does by itself. */
  readonly thinking?: boolean | undefined;
  readonly effort?: Effort | undefined;
  /** Tokens; never more than the operator and the model allow. */
  readonly maxTokens?: number | undefined;
};
