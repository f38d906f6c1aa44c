import { ChatError } from '@/lib/protocol/chat-error';
import { readWireError } from './wire-error';

/** What became of a try to sign in. */
export type SignInResult =
  | { readonly is: 'signed-in' }
  /** The server took the password, and the browser did not take the cookie: a page that is not encrypted. */
  | { readonly is: 'not-kept' }
  | { readonly is: 'refused'; readonly message: string; readonly retryAt: number | null };

export type SignInWorld = { readonly fetch?: typeof globalThis.fetch; readonly now?: () => number };

/** Asks the server for a session. Never rejects. */
export async function signIn(
  password: string,
  { fetch = (...request) => globalThis.fetch(...request), now = Date.now }: SignInWorld = {},
): Promise<SignInResult> {
  try {
    const response = await fetch('/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ password }),
    });
    if (!response.ok) {
      const error = await readWireError(response);
      const { message } = error ?? new ChatError('unexpected_response');
      const waitSeconds = error?.retryAfterSeconds;
      return { is: 'refused', message, retryAt: waitSeconds === undefined ? null : now() + waitSeconds * 1000 };
    }
    const isKept = (await fetch('/api/models')).status !== 401;
    return { is: isKept ? 'signed-in' : 'not-kept' };
  } catch {
    // Whatever stood in the way: nothing was reached that could answer.
    return { is: 'refused', message: new ChatError('server_unreachable').message, retryAt: null };
  }
}

/** Ends the session of this browser. Rejects with a `ChatError` where the server did not say so. */
export async function signOut({
  fetch = (...request) => globalThis.fetch(...request),
}: SignInWorld = {}): Promise<void> {
  const response = await fetch('/api/session', { method: 'DELETE' }).catch((error: unknown) => {
    throw new ChatError('server_unreachable', { cause: error });
  });
  if (!response.ok) throw new ChatError('unexpected_response');
}
