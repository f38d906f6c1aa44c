import 'server-only';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/**
 * Connections are kept for the next question: a new one to Claude costs a TCP and a TLS handshake. One that has idled
 * longer may have died unseen, in a sleep or a frozen function, and would swallow the question.
 */
const KEPT = { keepAlive: true, timeout: 4000 };
const HTTP = { request: httpRequest, agent: new HttpAgent(KEPT) };
const HTTPS = { request: httpsRequest, agent: new HttpsAgent(KEPT) };

/** Reads that may wait for a slow reader before the connection is paused; each is 64 KB at most. */
const WAITING_READS = 4;

/** Statuses whose response has no body, and may not be given one (Fetch standard, null body status). */
const WITHOUT_BODY = [204, 205, 304];

/**
 * `fetch` as far as the SDK uses it, on the platform's older HTTP client: less work for each delta than the built-in one,
 * and no time limits beside ours. It follows no redirect: a prompt goes where the settings say, and nowhere else. A kept
 * connection that the server has closed meanwhile is replaced. Aborting the signal destroys the connection at any moment.
 */
export const upstreamFetch: typeof globalThis.fetch = (input, init) =>
  new Promise((resolve, reject) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { request, agent } = url.protocol === 'https:' ? HTTPS : HTTP;
    const outgoing = request(url, {
      agent,
      method: init?.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(init?.signal && { signal: init.signal }),
    });
    let hasAnswered = false;
    outgoing.once('response', (incoming) => {
      hasAnswered = true;
      try {
        resolve(responseOf(incoming, init?.signal));
      } catch (error) {
        // A status that no response may have, or a header that is none.
        incoming.destroy();
        reject(error);
      }
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // What breaks after the response is the body's to tell; rejecting then changes nothing.
      if (!hasAnswered && outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(upstreamFetch(input, init));
      else reject(error);
    });
    // A switch to another protocol closes the connection without a word.
    outgoing.once('close', () => {
      if (!hasAnswered && !outgoing.errored) reject(new Error('closed without a response'));
    });
    outgoing.end(init?.body);
  });

function responseOf(incoming: IncomingMessage, signal?: AbortSignal | null): Response {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const status = incoming.statusCode ?? 0;
  if (!WITHOUT_BODY.includes(status)) return new Response(bodyOf(incoming, signal), { status, headers });
  incoming.resume();
  return new Response(null, { status, headers });
}

/**
 * The reader's pace is the pace of the connection. Where the connection breaks, reads that wait for the reader are still
 * his: an error would discard them. Only one who has left himself gets no more.
 */
function bodyOf(incoming: IncomingMessage, signal?: AbortSignal | null): ReadableStream<Uint8Array> {
  let failure: Error | undefined;
  const failWhenRead = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (controller.desiredSize === WAITING_READS || signal?.aborted) controller.error(failure);
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        incoming.on('data', (chunk: Uint8Array) => {
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        });
        incoming.on('end', () => controller.close());
        incoming.on('error', (error) => {
          failure = error;
          failWhenRead(controller);
        });
      },
      pull(controller) {
        if (failure) failWhenRead(controller);
        else incoming.resume();
      },
      cancel() {
        incoming.removeAllListeners('data').removeAllListeners('end').destroy();
      },
    },
    { highWaterMark: WAITING_READS },
  );
}
