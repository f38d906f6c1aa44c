import 'server-only';
import { ConfigError, getConfig } from './config';
import { getLogger } from './log';

/** Reads the settings before the first request does. Ends the process where they are wrong: nothing it served would work. */
export function checkConfigAtStart(): void {
  try {
    const { mode, claude, defaultModel } = getConfig();
    getLogger().info({ mode, defaultModel }, 'settings read');
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
