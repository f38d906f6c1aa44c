import 'server-only';
import { isFromThisMachine } from './client-address';
import { getConfig } from './config';
import { findSession } from './session';

/** Why a request is not served. The words are codes of errors. */
export type Refusal = 'access_closed' | 'not_signed_in';

/**
 * Why this server does not serve a request with these headers; null where it does. Asked by every route and every page
 * itself: what stands before them can be gone around.
 */
export async function findRefusal(headers: Headers): Promise<Refusal | null> {
  if (isClosed(headers)) return 'access_closed';
  return getConfig().access === 'members' && !(await findSession(headers)) ? 'not_signed_in' : null;
}

/** Whether there is nobody to be signed in, for this server answers its own machine alone. */
export function isClosed(headers: Headers): boolean {
  return getConfig().access === 'local' && !isFromThisMachine(headers);
}
