/**
 * Serves the application that was built: Next behind a server of our own, so that a connection has limits also where no
 * proxy stands in front. HOST, PORT and CONNECTION_TIMEOUT_SECONDS are read here, and the arguments of `next start`.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import next from 'next';

/** What the routes of the API know, if only to say no. The parser takes twenty more. */
const API_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Pages and files are read: Next would look for an action of a page, and fails where something is sent to a file. */
const PAGE_METHODS = ['GET', 'HEAD'];

/** We have two at most, and a provider a handful. Over the thousands that a head has room for Next thinks for seconds. */
const MAX_PARAMETERS = 100;

/** Nothing depends on them, and Next fails where they ask for what cannot be, or takes them for its own words. */
const IGNORED_HEADERS = [
  'content-security-policy',
  'content-security-policy-report-only',
  'if-match',
  'if-unmodified-since',
  'next-router-state-tree',
  'range',
  'x-rivulet-nonce',
];

const startedAt = performance.now();
const { hostname, port, timeoutMs } = readSettings();

let handle;

/** Of each connection, what it has asked and was not answered yet. */
const queues = new WeakMap();

/** Each holds some kilobytes. Browsers and proxies wait for an answer before they ask again. */
const MAX_QUEUED = 1000;

const server = createServer(
  {
    maxHeaderSize: 16_384,
    // A request is small, or a message with its files. Who sends it byte by byte holds a connection, and nothing else.
    headersTimeout: Math.round(timeoutMs / 3),
    requestTimeout: timeoutMs,
    // A limit is noticed by the next check.
    connectionsCheckingInterval: Math.min(1000, Math.round(timeoutMs / 10)),
  },
  async (request, response) => {
    if (!(await waitForTurn(request.socket, response))) return;
    const refusal = refusalOf(request);
    if (refusal) {
      refuse(request, response, refusal);
      return;
    }
    for (const name of IGNORED_HEADERS) delete request.headers[name];
    // Next waits for a reader to take what was written, and so do all limits above it. To be silent is no offence: a whole
    // reply takes minutes.
    response.setTimeout(timeoutMs, (socket) => {
      if (socket.writableLength > 0) socket.destroy();
    });
    try {
      await handle(request, response);
    } catch (error) {
      console.error(JSON.stringify({ level: 'error', msg: 'request failed', cause: error.stack }));
      response.destroy();
    }
  },
);
// Two thousand replies, several readers for each, and the pages around them, at some 10 kB each.
server.maxConnections = 10_000;
// The limit of heads begins with the first byte: whoever sends none is let go by this one.
server.timeout = server.headersTimeout;

// The replies have an end of their own, which comes behind this one: when they say that they end, nobody new gets in.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));

// The settings are checked against it: an address that others reach asks for more of them.
process.env.HOST = hostname;
// Next adds a listener for upgrades to the server that it is told of, and would follow an address in their first line.
const app = next({ dev: false, hostname, port, httpServer: createServer() });
// Before the first connection: who it comes from is told to those who listen for it by then.
await app.prepare();
handle = app.getRequestHandler();

// Longer than proxies keep a connection in reserve (nginx and AWS 60 seconds, Traefik 90, Caddy 120): where this server
// hangs up first, a request meets a closed connection. A browser that was asleep would try one that is dead.
server.keepAliveTimeout = Number(process.env.TRUST_PROXY) > 0 ? 125_000 : 5000;
server.listen(port, hostname);
try {
  await once(server, 'listening');
} catch (error) {
  const isTaken = error.code === 'EADDRINUSE';
  fail(isTaken ? `Port ${port} of ${hostname} is in use: choose another one with -p or PORT.` : error.message);
}

const address = server.address();
const shown = { '0.0.0.0': 'localhost', '::': 'localhost' }[hostname] ?? hostname;
console.log(`Local:    http://${shown.includes(':') ? `[${shown}]` : shown}:${address.port}`);
console.log(`Ready in ${Math.round(performance.now() - startedAt)} ms`);

/**
 * A head is small, so thousands of them come in one piece: answered all at once they would hold gigabytes. False where the
 * connection is gone meanwhile, or asks for more than anybody does.
 */
async function waitForTurn(socket, response) {
  const queue = queues.get(socket) ?? { length: 0, end: undefined };
  queues.set(socket, queue);
  const before = queue.end;
  queue.length += 1;
  if (queue.length > MAX_QUEUED) socket.destroy();
  queue.end = new Promise((resolve) => response.once('close', resolve)).then(() => {
    queue.length -= 1;
  });
  await before;
  return !socket.destroyed;
}

/** The status for what no part of the application can answer; undefined for all else. */
function refusalOf({ method, url, headers, headersDistinct }) {
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
function refuse({ url }, response, status) {
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

/** Loopback only, unless told otherwise: whoever reaches the page spends the operator's tokens. Empty is not otherwise. */
function readSettings() {
  const options = { hostname: { type: 'string', short: 'H' }, port: { type: 'string', short: 'p' } };
  const { HOST, PORT, CONNECTION_TIMEOUT_SECONDS } = process.env;
  let given;
  try {
    given = parseArgs({ options }).values;
  } catch (error) {
    fail(error.message);
  }
  const seconds = Number(CONNECTION_TIMEOUT_SECONDS?.trim() || 30);
  if (!(seconds > 0 && seconds <= 300)) fail('CONNECTION_TIMEOUT_SECONDS: must be more than 0 and at most 300');
  const portNumber = Number(given.port ?? (PORT?.trim() || 3000));
  if (!(Number.isInteger(portNumber) && portNumber >= 0 && portNumber < 65_536))
    fail('PORT: must be a number below 65536');
  return { hostname: given.hostname ?? (HOST?.trim() || '127.0.0.1'), port: portNumber, timeoutMs: seconds * 1000 };
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
