import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What the specs look at in a request to the Messages API. */
export type MessagesRequest = {
  readonly model: string;
  readonly max_tokens: number;
  readonly stream: boolean;
  readonly system?: readonly { readonly type: string; readonly text: string }[];
  readonly thinking?: { readonly type: string };
  readonly messages: readonly {
    readonly role: string;
    readonly content: string | readonly { readonly type: string; readonly text?: string }[];
  }[];
};

type Connection = { readonly number: number; readonly closed: Promise<number> };

/** One request to the scripted Claude, and the pen that answers it. */
export class UpstreamCall {
  readonly body: MessagesRequest;
  /** The body as it came. */
  readonly rawBody: string;
  readonly headers: IncomingHttpHeaders;
  /** The text of each message; the last is the prompt. */
  readonly texts: readonly string[];
  /** How often the same prompt was asked before. */
  readonly attempt: number;
  /** Names the socket: calls of one number shared it. */
  readonly connection: number;
  /** When the socket was closed, by either side, as `performance.now()` tells it. A socket in reserve is not closed. */
  readonly closed: Promise<number>;
  readonly #response: ServerResponse;
  readonly #socket: Socket;

  constructor(
    rawBody: string,
    response: ServerResponse,
    connection: Connection,
    attemptOf: (prompt: string) => number,
  ) {
    const body = JSON.parse(rawBody) as MessagesRequest;
    this.body = body;
    this.rawBody = rawBody;
    this.headers = response.req.headers;
    this.texts = body.messages.map(({ content }) => textOf(content));
    this.attempt = attemptOf(this.prompt);
    this.connection = connection.number;
    this.closed = connection.closed;
    this.#response = response;
    this.#socket = response.req.socket;
    // The client may leave in the middle of a write; `closed` is how a test learns of it.
    response.on('error', () => {});
  }

  get prompt(): string {
    return this.texts.at(-1) ?? '';
  }

  /** Whether an answer is still owed to a client that is still there. */
  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#socket.destroyed;
  }

  sendHeaders(status = 200, headers: Readonly<Record<string, string>> = {}): void {
    this.#response.writeHead(status, { 'content-type': 'text/event-stream; charset=utf-8', ...headers });
    this.#response.flushHeaders();
  }

  /** Writes the frames as they are, byte for byte; sends the headers first where that was not done. */
  send(...frames: readonly (string | Uint8Array)[]): void {
    if (!this.#response.headersSent) this.sendHeaders();
    for (const frame of frames) this.#response.write(frame);
  }

  end(): void {
    this.#response.end();
  }

  /** Answers with an HTTP error and its body. */
  refuse(status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
    this.sendHeaders(status, { 'content-type': 'application/json', ...headers });
    this.#response.end(body);
  }

  /** Ends the call for good: a connection that broke before any answer would be asked again, by a reply that outlives its test. */
  abandon(): void {
    if (this.#response.headersSent) this.reset();
    else this.refuse(400, '{}');
  }

  /** Closes the connection after what was sent, without ending the response. */
  drop(): void {
    this.#socket.destroySoon();
  }

  /** Breaks the connection at once (RST). */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}

/** What was typed: the last text, behind those of files. */
function textOf(content: MessagesRequest['messages'][number]['content']): string {
  if (typeof content === 'string') return content;
  return content.flatMap(({ text }) => text ?? []).at(-1) ?? '';
}
