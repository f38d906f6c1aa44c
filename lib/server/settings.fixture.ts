import 'server-only';
import { vi } from 'vitest';
import { SETTINGS } from './config';

/**
 * For the tests of this room: gives this process these settings alone. They are read once, when the first request or log
 * line asks for them, so they are given before. Returns what undoes it.
 */
export function giveSettings(env: Readonly<Record<string, string>> = {}): () => void {
  for (const name of Object.keys(SETTINGS.in.shape)) vi.stubEnv(name, '');
  vi.stubEnv('LOG_LEVEL', 'silent');
  // Requests that a test makes come by no socket.
  vi.stubEnv('ALLOW_PUBLIC', '1');
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
}
