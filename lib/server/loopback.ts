import 'server-only';
import ipaddr from 'ipaddr.js';

/** Whether a name or an address without a port is this machine itself for whoever uses it (RFC 6761 §6.3, RFC 1122 §3.2.1.3). */
export function isLoopbackName(name: string): boolean {
  const host = name.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host);
}

/** Whether an address is of the machine itself; IPv4 within IPv6 counts as what it is. False for what is no address. */
export function isLoopbackAddress(address: string): boolean {
  // The short and octal ways to write an IPv4 address are no addresses here: a browser never sends them.
  const isWritten = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  return isWritten && ipaddr.process(address).range() === 'loopback';
}
