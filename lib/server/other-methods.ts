import 'server-only';
import { randomUUID } from 'node:crypto';

/**
 * The methods that a route has not: each is answered with 405 and those that it has, and `OPTIONS` with these alone. The
 * platform would run `GET` for a `HEAD`, and follow a reply for nobody.
 */
export function otherMethods(...allowed: readonly string[]) {
  const headers = { Allow: [...allowed, 'OPTIONS'].join(', '), 'Cache-Control': 'no-store' };
  const answer = (status: number) => () =>
    new Response(null, { status, headers: { ...headers, 'X-Request-Id': randomUUID() } });
  const refuse = answer(405);
  return { GET: refuse, HEAD: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse, OPTIONS: answer(204) };
}
