/** What never gets to Next: requests that no part of the application can answer. */
import { randomUUID } from 'node:crypto';

/** What the routes of the API know, if only to say no. The parser takes twenty more. */
const API_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Pages and files are read: Next would look for an action of a page, and fails where something is sent to a file. */
const PAGE_METHODS = ['GET', 'HEAD'];

/** We have two at most, and a provider a handful. Over the thousands that a head has room for Next thinks for seconds. */
const MAX_PARAMETERS = 100;

/** The status for what no part of the application can answer; undefined for all else. */
export function refusalOf({ method, url, headers, headersDistinct }) {
  // Of another server, which Next would redirect to.
  if (!url.startsWith('/')) return 400;
  // A proxy in front may have gone by the other one (RFC 9112 §3.2).
  if (headersDistinct.host?.length > 1) return 400;
  if (url.split('&').length > MAX_PARAMETERS) return 400;
  try {
    decodeURIComponent(url.split('?', 1)[0]);
  } catch {
    return 400;
  }
  // No page takes a body, and Next would keep 10 MB of it.
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
  if (hasBody && !isOfApi(url)) return 404;
  if (!methodsOf(url).includes(method)) return 405;
}

/** In the form of all errors of the API, where it is one. */
export function refuse({ url }, response, status) {
  const requestId = randomUUID();
  const headers = { 'Cache-Control': 'no-store', Connection: 'close', 'X-Request-Id': requestId };
  if (status === 405) {
    response.writeHead(status, { ...headers, Allow: methodsOf(url).join(', ') }).end();
  } else if (isOfApi(url)) {
    const error = { code: 'invalid_request', message: 'The request was not understood.', requestId };
    response.writeHead(status, { ...headers, 'Content-Type': 'application/json' }).end(JSON.stringify({ error }));
  } else {
    response.writeHead(status, headers).end();
  }
}

const methodsOf = (url) => (isOfApi(url) ? API_METHODS : PAGE_METHODS);

/** By the path that Next makes of it: dots lead out of one, and into one. */
function isOfApi(url) {
  const whole = `http://localhost${url}`;
  return URL.canParse(whole) && new URL(whole).pathname.startsWith('/api/');
}
