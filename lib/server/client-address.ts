import 'server-only';
import ipaddr from 'ipaddr.js';
import { getConfig } from './config';
import { getLogger } from './log';
import { isLoopbackAddress, isLoopbackName } from './loopback';
import { findPeer } from './peer';

/** A household or a single machine has a whole network of this size, and can take any address in it (RFC 6177). */
const IPV6_PREFIX_BITS = 64;

/** Headers by which proxies say for whom they ask. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-real-ip'];

/**
 * Whom limits are counted against: the address of the client, an IPv6 one as its network. Behind proxies it is the one that
 * the outermost trusted proxy saw; what stands further left in `X-Forwarded-For` is the client's own word.
 */
export function addressOf(headers: Headers, trustedProxies = getConfig().trustedProxies): string {
  const peer = findPeer(headers) ?? 'unknown';
  const hops = [peer, ...readHops(headers).toReversed()];
  if (trustedProxies === 0 && hops.some((hop) => hop !== peer)) warnOfProxy();
  // Where fewer proxies have signed than are trusted, the outermost of those that did.
  return bucketOf(hops[Math.min(trustedProxies, hops.length - 1)] ?? 'unknown');
}

/**
 * Whether a request comes from this machine itself: over a loopback connection, to a name of loopback, and for nobody else.
 * The name is what a page of another site that resolves to this machine cannot fake (DNS rebinding).
 */
export function isFromThisMachine(headers: Headers): boolean {
  const host = headers.get('host')?.replace(/:\d+$/, '') ?? '';
  const hosts = [host, headers.get('x-forwarded-host')?.replace(/:\d+$/, '') ?? host];
  return (
    isLoopbackAddress(findPeer(headers) ?? '') &&
    hosts.every(isLoopbackName) &&
    // The platform names the peer here where nobody else is named.
    readHops(headers).every(isLoopbackAddress) &&
    !PROXY_HEADERS.some((name) => headers.has(name))
  );
}

/** The client first, then each proxy but the last. */
function readHops(headers: Headers): readonly string[] {
  const given = headers.get('x-forwarded-for')?.split(',') ?? [];
  return given.map((hop) => withoutPort(hop.trim()));
}

/** Some proxies write the port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](:\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
}

let hasWarned = false;

/** Once: whoever sends the header without a proxy could fill the log. */
function warnOfProxy(): void {
  if (hasWarned) return;
  hasWarned = true;
  getLogger().warn('X-Forwarded-For is sent, and TRUST_PROXY is 0: behind a proxy, all of its clients count as one.');
}

function bucketOf(address: string): string {
  // A proxy that hides the client in a made-up word hides all of them in one.
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString()}/${IPV6_PREFIX_BITS}`);
  return `${network.toString()}/${IPV6_PREFIX_BITS}`;
}
