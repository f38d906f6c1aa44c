import type { Effort } from './models';

/** The kinds of images and documents that Claude reads (Messages API, vision and PDF support). */
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;
export const DOCUMENT_TYPES = ['application/pdf', 'text/plain'] as const;

/** A file of a message. `data` is its bytes in base64 (RFC 4648, 4) with padding and without line breaks. */
export type FileBlock =
  | { readonly type: 'image'; readonly mediaType: (typeof IMAGE_TYPES)[number]; readonly data: string }
  | {
      readonly type: 'document';
      readonly mediaType: (typeof DOCUMENT_TYPES)[number];
      readonly data: string;
      /** What Claude calls it, as a rule the name of the file. */
      readonly name?: string | undefined;
    };

/** A block of a message that the client sends. Files come from the user alone. */
export type RequestBlock = { readonly type: 'text'; readonly text: string } | FileBlock;

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
