import { isRetryable, isWireError, type WireError } from '@/lib/protocol/chat-error';

/** The error in a response of our API that is none of success; null where it is not ours, as that of a proxy. */
export async function readWireError(response: Response): Promise<WireError | null> {
  const body: unknown = await response.json().catch(() => null);
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  return isWireError(error) ? { ...error, retryable: isRetryable(error.code) } : null;
}
