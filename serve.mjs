/**
 * Serves the application that was built: Next behind a server of our own, so that a connection has limits also where no
 * proxy stands in front. HOST, PORT and CONNECTION_TIMEOUT_SECONDS are read here, and the arguments of `next start`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import next from 'next';
import { refusalOf, refuse } from './serve/refusals.mjs';
import { waitForTurn } from './serve/turns.mjs';

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
