import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Arrivals } from './arrivals';

/** An empty setting counts as unset, and keeps the developer's own `.env` files out of the run. */
const NO_SETTINGS = {
  ANTHROPIC_API_KEY: '',
  ANTHROPIC_AUTH_TOKEN: '',
  ANTHROPIC_BASE_URL: '',
  MODELS: '',
  DEFAULT_MODEL: '',
  TITLE_MODEL: '',
  SYSTEM_PROMPT: '',
  MAX_OUTPUT_TOKENS: '',
  FIRST_BYTE_TIMEOUT_SECONDS: '',
  STALL_TIMEOUT_SECONDS: '',
  OUTPUT_TIMEOUT_SECONDS: '',
  MAX_REPLY_SECONDS: '',
  MAX_DURATION_SECONDS: '',
  REPLY_GRACE_SECONDS: '',
  REPLY_TTL_SECONDS: '',
  // All tests come from one address, many at a time.
  MAX_CONCURRENT_REPLIES: '2000',
  MAX_CONCURRENT_REPLIES_TOTAL: '',
  RATE_LIMIT_PER_MINUTE: '1000000',
  RATE_LIMIT_PER_MINUTE_TOTAL: '1000000',
  TOKENS_PER_DAY: '',
  TOKENS_PER_DAY_TOTAL: '',
  ACCESS_PASSWORD: '',
  OIDC_ISSUER: '',
  OIDC_CLIENT_ID: '',
  OIDC_CLIENT_SECRET: '',
  OIDC_ALLOWED_EMAILS: '',
  PUBLIC_URL: '',
  ALLOW_PUBLIC: '',
  TRUST_PROXY: '',
  HOST: '127.0.0.1',
  REDIS_URL: '',
  SESSION_SECRET: '',
  DRAIN_SECONDS: '',
  LOG_LEVEL: 'info',
  CONNECTION_TIMEOUT_SECONDS: '',
};

/** A server with open streams waits for them when it is asked to end; at the end of a test nobody does. */
const GRACE_MS = 2000;

/** The line that a reply leaves in the log. */
export type LogLine = { readonly msg: string; readonly [field: string]: unknown };

export type Settings = Partial<typeof NO_SETTINGS>;

export type StartOptions = {
  /** A free one where none is named. */
  readonly port?: string;
  /** Loads the probe into it. */
  readonly withProbe?: boolean;
};

/** What the probe tells of a server: memory after a collection, what keeps it busy, and what went wrong unseen. */
export type ProbeReading = {
  readonly heapBytes: number;
  /** Open handles and waiting timers by their type. */
  readonly resources: Readonly<Record<string, number>>;
  readonly rejections: readonly string[];
  readonly warnings: readonly string[];
};

export type RivuletServer = {
  readonly url: string;
  /** Everything it has printed, line by line. */
  readonly output: readonly string[];
  /** The log line of a reply, by its `replyId` or `requestId`: now, or when it is written. */
  readonly findLog: (id: string) => Promise<LogLine>;
  /** Every line that a reply has left so far. */
  readonly replyLogs: () => readonly LogLine[];
  readonly signal: (name: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGHUP') => void;
  /** Its exit code; null where it was killed. */
  readonly exited: Promise<number | null>;
  readonly readProbe: () => Promise<ProbeReading>;
  readonly stop: () => Promise<void>;
};

const PROBE = ['--expose-gc', '--import', './e2e/probe.mjs'];

/** Starts the production build as a process of its own, with these settings only. */
export async function startRivulet(
  settings: Settings = {},
  { port = '0', withProbe = false }: StartOptions = {},
): Promise<RivuletServer> {
  const serve = ['serve.mjs', '--port', port];
  const child = spawn(process.execPath, withProbe ? [...PROBE, ...serve] : serve, {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      ...NO_SETTINGS,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  // Closed, not exited: by then its last line has been read too.
  const exited = once(child, 'close')
    .then(([code]) => code as number | null)
    .finally(() => process.off('exit', kill));

  const lines = new Arrivals<string>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => lines.add(line));
  }
  const failed = exited.then(() => {
    throw new Error(`The server ended instead of starting:\n${lines.all.join('\n')}`);
  });
  await Promise.race([lines.find((line) => line.includes('Ready in')), failed]);
  // From here on its end is no error of the start.
  failed.catch(() => {});
  let readings = 0;

  return {
    url: lines.all.join('\n').match(/Local:\s+(http\S+)/)?.[1] ?? '',
    output: lines.all,
    findLog: async (id) => parseLog(await lines.find((line) => line.startsWith('{') && line.includes(`"${id}"`))),
    replyLogs: () => lines.all.filter((line) => line.endsWith('"msg":"reply"}')).map(parseLog),
    signal: (name) => child.kill(name),
    exited,
    readProbe: async () => {
      readings += 1;
      child.kill('SIGUSR2');
      return JSON.parse(await lines.find((line) => line.startsWith(`{"reading":${readings},`)));
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, GRACE_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

function parseLog(line: string): LogLine {
  return JSON.parse(line) as LogLine;
}
