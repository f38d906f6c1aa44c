import 'server-only';
import { createClient } from '@redis/client';
import { getConfig } from './config';
import { getLogger } from './log';

const CONNECT_MS = 5000;

/** Below the patience of those who count: what waited longer was refused by then, and must not be counted later. */
const UNSENT_MS = 1500;

/** Between two tries to connect: soon again after a short break, and no storm after a long one. */
const MAX_PAUSE_MS = 5000;

/**
 * A connection that is kept up in the background. While it is down a command waits for it a moment, and is dropped then; who
 * sends one sets the limit for its answer. Says once in the log that it was lost, and once that it is there again.
 */
export function connectRedis(url: string) {
  const client = createClient({
    url,
    commandOptions: { timeout: UNSENT_MS },
    socket: {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, MAX_PAUSE_MS) * (0.5 + Math.random() / 2),
    },
  });
  let isLost = false;
  client.on('error', (error: Error & { code?: string }) => {
    if (!isLost) getLogger().error({ cause: error.code ?? error.name }, 'Redis is lost');
    isLost = true;
  });
  client.on('ready', () => {
    if (isLost) getLogger().info('Redis is back');
    isLost = false;
  });
  // What goes wrong is told above, and tried again.
  client.connect().catch(() => undefined);
  return client;
}

export type Redis = ReturnType<typeof connectRedis>;

/** One for all routes, which are bundles of their own. */
const shared = globalThis as typeof globalThis & { rivuletRedis?: Redis };

/** The operator's Redis; null where there is none. */
export function getRedis(): Redis | null {
  const { redisUrl } = getConfig();
  if (redisUrl === undefined) return null;
  shared.rivuletRedis ??= connectRedis(redisUrl);
  return shared.rivuletRedis;
}
