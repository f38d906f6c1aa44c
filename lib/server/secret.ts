import 'server-only';
import { hkdfSync, randomBytes } from 'node:crypto';
import { getConfig } from './config';

/** The proxy in front of the pages and the routes are bundles of their own, and sign with the same secret. */
const shared = globalThis as typeof globalThis & { rivuletSecret?: string };

/** The operator's secret, or one that lives as long as this process. */
export function getSecret(): string {
  shared.rivuletSecret ??= getConfig().sessionSecret ?? randomBytes(32).toString('base64url');
  return shared.rivuletSecret;
}

/** A key of 256 bits for one purpose, which tells nothing about those for others (RFC 5869). */
export function deriveKey(purpose: string, secret = getSecret()): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', `rivulet ${purpose}`, 32));
}
