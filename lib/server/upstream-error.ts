import 'server-only';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';

/** The API's error types (docs.claude.com, Errors). In the middle of a stream they are all there is: no status comes. */
const CODE_OF_TYPE: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>(
  Object.entries({
    invalid_request_error: 'request_rejected',
    authentication_error: 'service_misconfigured',
    permission_error: 'service_misconfigured',
    billing_error: 'service_misconfigured',
    not_found_error: 'model_unavailable',
    request_too_large: 'request_too_large',
    rate_limit_error: 'rate_limited',
    overloaded_error: 'overloaded',
  }),
);

/** What a status means where the body does not say: a proxy or another server answered. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'service_misconfigured',
  402: 'service_misconfigured',
  403: 'service_misconfigured',
  404: 'service_misconfigured',
  408: 'upstream_failed',
  409: 'upstream_failed',
  413: 'request_too_large',
  429: 'rate_limited',
  503: 'overloaded',
  529: 'overloaded',
};

/** What the Messages API says of a failure, as far as it does. */
export type UpstreamFailure = {
  readonly type?: string | null | undefined;
  readonly status?: number | undefined;
  /** The API's own sentence: it tells cases apart, and is never shown. */
  readonly message?: string | null | undefined;
  readonly retryAfter?: string | null | undefined;
  readonly cause: unknown;
};

/** Turns a failure that Claude reported into ours. */
export function upstreamError({ type, status = 500, message, retryAfter, cause }: UpstreamFailure): ChatError {
  const options = { cause, retryAfterSeconds: parseRetryAfter(retryAfter, Date.now()) };
  if (type === 'invalid_request_error' && /too long|context (window|limit)/i.test(message ?? '')) {
    return new ChatError('conversation_too_long', options);
  }
  // The key is good for other models.
  if (type === 'permission_error' && /\bmodel\b/i.test(message ?? ''))
    return new ChatError('model_unavailable', options);
  const byStatus = CODE_OF_STATUS[status] ?? (status < 500 ? 'request_rejected' : 'upstream_failed');
  return new ChatError(CODE_OF_TYPE.get(type ?? '') ?? byStatus, options);
}

/** Longer waits are a mistake of somebody, and beyond them no date can be said. */
const A_YEAR_SECONDS = 31_536_000;

/** Seconds to wait by a `Retry-After` header (RFC 9110, 10.2.3): a number or a date. Undefined where it makes no sense. */
export function parseRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  if (!header) return undefined;
  const waitSeconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - nowMs) / 1000);
  return waitSeconds >= 0 ? Math.min(waitSeconds, A_YEAR_SECONDS) : undefined;
}
