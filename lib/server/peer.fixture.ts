import 'server-only';
import { channel } from 'node:diagnostics_channel';
import { nameAllPeers } from './peer';

let areNamed = false;

/** For the tests of this room: the headers that a request has which came by a socket with this address at its other end. */
export function headersFrom(
  remoteAddress: string,
  headers: Readonly<Record<string, string>> = {},
  httpVersion = '1.1',
): Headers {
  if (!areNamed) nameAllPeers();
  areNamed = true;
  const received = { ...headers };
  channel('http.server.request.start').publish({
    request: { headers: received, httpVersion, socket: { remoteAddress } },
  });
  return new Headers(received);
}
