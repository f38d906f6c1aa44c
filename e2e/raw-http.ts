/** HTTP byte for byte: a client library would put right what these requests have wrong. */
import { connect, type Socket } from 'node:net';

/** `status` is 0 where the server hung up without a word. The body is as it came, with the sizes of its chunks. */
export type RawAnswer = { readonly status: number; readonly headers: Headers; readonly body: string };

/** A connection that the server may close in any way. */
export function openRaw(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  return socket;
}

/** What comes until the connection is closed. */
export async function readRaw(socket: Socket): Promise<RawAnswer> {
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  await hasClosed(socket);
  return parse(Buffer.concat(pieces).toString('latin1'));
}

/** Resolves when the connection is closed, with or without an error. */
export function hasClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

type Parts = { readonly headers?: readonly string[]; readonly body?: string | Uint8Array };

/** A whole request. It tells its host and the length of its body, unless a header says something about that. */
export function rawRequest(line: string, { headers = [], body = '' }: Parts = {}): Buffer {
  const bytes = Buffer.from(body);
  const host = headers.some((header) => /^host:/i.test(header)) ? [] : ['Host: 127.0.0.1'];
  const tellsLength = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header));
  const length =
    tellsLength || (bytes.length === 0 && !line.startsWith('POST')) ? [] : [`Content-Length: ${bytes.length}`];
  const head = [`${line} HTTP/1.1`, ...host, 'Connection: close', ...headers, ...length, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

function parse(answer: string): RawAnswer {
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Headers();
  for (const line of lines) {
    const at = line.indexOf(':');
    headers.append(line.slice(0, at), line.slice(at + 1).trim());
  }
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}
