import 'server-only';
import { statusOf, type WireError } from '@/lib/protocol/chat-error';

/** A failure before the first byte, as JSON with the status of its code. */
export function errorResponse({ retryable: _, ...error }: WireError): Response {
  const { code, retryAfterSeconds } = error;
  return Response.json(
    { error },
    {
      status: statusOf(code) || 500,
      headers: {
        ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
      },
    },
  );
}
