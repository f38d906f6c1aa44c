/**
 * Every way a reply can fail: the HTTP status where the failure precedes the first byte, whether trying again can help,
 * and the sentence for a person. Status 0 marks failures that only a browser can see.
 */
const ERROR_TABLE = {
  invalid_request: [400, false, 'The request was not understood.'],
  request_rejected: [400, false, 'Claude could not accept this request.'],
  model_unavailable: [400, false, 'This model is not available here. Choose another one.'],
  conversation_too_long: [400, false, 'This conversation is too long for the model. Start a new chat or shorten it.'],
  not_signed_in: [401, true, 'You are not signed in. Reload the page to sign in.'],
  wrong_password: [401, false, 'This is not the password.'],
  sign_in_failed: [303, true, 'The sign-in did not work. Try again.'],
  not_invited: [303, false, 'This account is not invited. Use another one.'],
  too_many_attempts: [429, true, 'There were too many wrong passwords.'],
  access_closed: [403, false, 'This server answers nobody but the machine that it runs on.'],
  cross_origin: [403, false, 'Only the pages of this server may ask it.'],
  request_too_large: [413, false, 'This message is too large to send. Shorten it or start a new chat.'],
  unsupported_media_type: [415, false, 'The request must be application/json.'],
  rate_limited: [429, true, 'Claude’s rate limit is reached.'],
  service_misconfigured: [
    503,
    false,
    'This server’s access to Claude does not work. Its operator has to check the key.',
  ],
  overloaded: [503, true, 'Claude is overloaded right now.'],
  upstream_unreachable: [502, true, 'Claude cannot be reached right now.'],
  upstream_failed: [503, true, 'Claude had a problem of its own.'],
  upstream_unreadable: [502, true, 'The answer from Claude could not be read.'],
  upstream_cut: [502, true, 'The connection to Claude broke before the answer was complete.'],
  first_byte_timeout: [504, true, 'Claude did not begin to answer in time.'],
  stalled: [504, true, 'Claude went silent before the answer was complete.'],
  reply_timeout: [504, true, 'The answer took longer than this server allows.'],
  too_many_requests: [429, true, 'You have asked too often in a short time.'],
  budget_exhausted: [429, true, 'The tokens that this server may spend in a day are used up.'],
  limits_unavailable: [503, true, 'This server cannot count its limits right now.'],
  too_many_replies: [429, true, 'You have too many answers running. Wait until one of them ends.'],
  server_busy: [503, true, 'This server has too many answers running right now.'],
  not_found: [404, false, 'There is nothing at this address.'],
  reply_not_found: [404, true, 'This answer is no longer on the server.'],
  reader_left: [410, true, 'The answer was ended because nobody was reading it.'],
  reply_stopped: [410, true, 'The answer was stopped before it was complete.'],
  reply_too_large: [502, true, 'The answer grew larger than this server can hold.'],
  restarting: [503, true, 'The answer was interrupted by a restart of the server.'],
  internal: [500, true, 'Something went wrong on this server.'],
  offline: [0, true, 'You are offline.'],
  server_unreachable: [0, true, 'The server cannot be reached right now.'],
  connection_lost: [0, true, 'The connection to the server was lost before the answer was complete.'],
  file_missing: [0, false, 'A file of this message is no longer in this browser. Attach it again.'],
  unexpected_response: [0, true, 'The server gave an unexpected answer.'],
} as const satisfies Record<string, readonly [status: number, retryable: boolean, sentence: string]>;

export type ErrorCode = keyof typeof ERROR_TABLE;

/** A failure as both ends say it: in an HTTP error body and in a `reply-error` event. */
export type WireError = {
  readonly code: ErrorCode;
  /** One plain sentence for a person. */
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number | undefined;
  /** Names the request in the server's log. Empty where no server was reached. */
  readonly requestId: string;
};

type ChatErrorOptions = {
  /** What exactly is wrong, for a developer. Shown, so it holds nothing secret. */
  readonly detail?: string;
  readonly retryAfterSeconds?: number | undefined;
  /** Stays on the side where it happened. */
  readonly cause?: unknown;
};

/** The one error of Rivulet. Its message is for a person; `cause` never crosses the wire. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: ChatErrorOptions = {}) {
    const sentence = ERROR_TABLE[code][2];
    super(options.detail ? `${sentence} ${options.detail}` : sentence, { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  toWire(requestId: string): WireError {
    return {
      code: this.code,
      message: this.message,
      retryable: isRetryable(this.code),
      ...(this.retryAfterSeconds !== undefined && { retryAfterSeconds: this.retryAfterSeconds }),
      requestId,
    };
  }
}

/** The HTTP status that stands for a failure; 0 where only a browser can see it. */
export function statusOf(code: ErrorCode): number {
  return ERROR_TABLE[code][0];
}

/** Whether the same request can succeed later. */
export function isRetryable(code: ErrorCode): boolean {
  return ERROR_TABLE[code][1];
}

/** Takes anything that was thrown; what is not a `ChatError` becomes one with the given code. */
export function toChatError(error: unknown, code: ErrorCode): ChatError {
  return error instanceof ChatError ? error : new ChatError(code, { cause: error });
}

/** Whether a value read from the network is an error of this wire; an unknown code is not. */
export function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, requestId, retryAfterSeconds = 0 } = value as Record<string, unknown>;
  return (
    typeof retryAfterSeconds === 'number' &&
    typeof code === 'string' &&
    Object.hasOwn(ERROR_TABLE, code) &&
    typeof message === 'string' &&
    typeof requestId === 'string'
  );
}
