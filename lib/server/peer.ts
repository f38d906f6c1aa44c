import 'server-only';
import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const HEADER = 'x-rivulet-peer';

/** Whoever sends the header does not know the word in it. The start of the server and its routes are bundles of their own. */
const shared = globalThis as typeof globalThis & { rivuletPeerWord?: string };

/**
 * From now on each request brings along the address of the socket that it came by, in a header of ours: all that a route is
 * given is headers, and those about addresses are the client's own words.
 */
export function nameAllPeers(): void {
  const word = randomBytes(16).toString('base64url');
  shared.rivuletPeerWord = word;
  // Told before anything reads the request.
  subscribe('http.server.request.start', (message) => {
    const { headers, httpVersion, socket } = (message as { readonly request: IncomingMessage }).request;
    // Browsers speak 1.1 at least. What speaks 1.0 is as a rule a proxy that says nothing else about itself.
    headers[HEADER] = `${word} ${httpVersion === '1.0' ? '' : (socket.remoteAddress ?? '')}`;
  });
}

/**
 * The address at the other end of the connection: a client, or the last proxy. Null where the platform does not tell, and for a
 * request in HTTP/1.0, which nginx makes of all unless it is told otherwise.
 */
export function findPeer(headers: Headers): string | null {
  const [word, address] = headers.get(HEADER)?.split(' ') ?? [];
  return word !== undefined && word === shared.rivuletPeerWord && address ? address : null;
}
