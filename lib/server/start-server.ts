import 'server-only';
import { ConfigError, getConfig, IS_PRODUCTION } from './config';
import { endOnSignals } from './end-of-process';
import { getLogger } from './log';
import { nameAllPeers } from './peer';
import { getReplies } from './replies';

/**
 * Reads the settings before the first request does, and prepares the end. Ends the process where the settings are wrong:
 * nothing it served would work.
 */
export function startServer(): void {
  try {
    const { mode, access, claude, defaultModel, drainMs, sessionSecret } = getConfig();
    nameAllPeers();
    // The development server has its own way to end, and none of its replies is worth a wait.
    if (IS_PRODUCTION) endOnSignals(getReplies(), drainMs);
    getLogger().info({ mode, access, defaultModel }, 'settings read');
    if (!sessionSecret) {
      getLogger().info(
        'SESSION_SECRET is not set: one is made, and after a restart readers are strangers and have to sign in again.',
      );
    }
    if (mode === 'demo' && claude.baseUrl) {
      getLogger().warn(
        'ANTHROPIC_BASE_URL is set without ANTHROPIC_API_KEY: Claude is simulated. A server that needs no key takes any value.',
      );
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
