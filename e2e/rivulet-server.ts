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
  SYSTEM_PROMPT: '',
  MAX_OUTPUT_TOKENS: '',
  FIRST_BYTE_TIMEOUT_SECONDS: '',
  STALL_TIMEOUT_SECONDS: '',
  MAX_REPLY_SECONDS: '',
  LOG_LEVEL: 'info',
};

/** A server with open streams does not end by itself when it is asked to. */
const GRACE_MS = 2000;

/** The line that a reply leaves in the log. */
export type LogLine = { readonly msg: string; readonly [field: string]: unknown };

export type RivuletServer = {
  readonly url: string;
  /** Everything it has printed, line by line. */
  readonly output: readonly string[];
  /** The log line of a reply, by its `replyId` or `requestId`: now, or when it is written. */
  readonly findLog: (id: string) => Promise<LogLine>;
  readonly stop: () => Promise<void>;
};

/** Starts the production build as a process of its own, on a free port, with these settings only. */
export async function startRivulet(settings: Partial<typeof NO_SETTINGS> = {}): Promise<RivuletServer> {
  const child = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', '0'],
    {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        ...NO_SETTINGS,
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit').finally(() => process.off('exit', kill));

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

  return {
    url: lines.all.join('\n').match(/Local:\s+(http\S+)/)?.[1] ?? '',
    output: lines.all,
    findLog: async (id) => parseLog(await lines.find((line) => line.startsWith('{') && line.includes(`"${id}"`))),
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
