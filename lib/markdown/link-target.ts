/** Where a link of an answer leads. */
export type LinkTarget =
  /** To another place in the answer. */
  | { readonly type: 'here'; readonly href: string }
  /** To a page, or with a `place` that is an address to a program for mail. `href` is what is followed, spelled out. */
  | { readonly type: 'web' | 'program'; readonly href: string; readonly place: string };

/** No page can have this address, so what has it after all is relative to ours. */
const NOWHERE = 'https://nowhere.invalid';

/** Null where a link leads nowhere: an answer is no page of its own, so nothing is relative to it. */
export function findLinkTarget(href: string | undefined): LinkTarget | null {
  if (href?.startsWith('#')) return { type: 'here', href };
  if (!href || !URL.canParse(href, NOWHERE)) return null;
  const url = new URL(href, NOWHERE);
  if (url.origin === NOWHERE) return null;
  if (/^https?:$/.test(url.protocol)) return { type: 'web', href: url.href, place: url.host };
  return { type: 'program', href: url.href, place: url.host || readable(url.pathname) };
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A longer text is no address any more, and costs time. */
const MAX_CHARS = 1000;

/**
 * Whether a text reads like the address of another place, or the place is spelled in a script that can look like another
 * one: then a reader has to be shown where they would go.
 */
export function isMisleading(text: string, place: string): boolean {
  if (place.includes('xn--')) return true;
  // What cannot be seen does not count, and what looks like a dot is one.
  const seen = text
    .slice(0, MAX_CHARS)
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll('。', '.');
  return seen.split(/[^\p{L}\p{N}]*\s+|^[^\p{L}\p{N}]+/u).some((word) => {
    const claim = findClaim(word);
    return claim !== null && !keeps(claim, place);
  });
}

const MAIL = /^(?:mailto:)?([^\s@:/]+@[\p{L}\p{N}.-]+)/iu;
const WITH_SCHEME = /^[a-z][a-z\d+.-]*:[\\/]{2,}([^\s/?#:@\\]+)/i;
const BARE = /^((?:[\p{L}\p{N}-]+\.)+(\p{L}{2,}))(?![\p{L}\p{N}_(-])/iu;
const KNOWN_DOMAIN = /^(?:\p{L}{2}|com|org|net|edu|gov|mil|int|info|app|dev|xyz)$/iu;
/** Files have these names far more often than hosts. */
const FILE = /^(?:cs|js|md|pl|py|rb|rs|sh|ts)$/i;

/** The address that a word tells its reader, whatever a program would make of it. */
function findClaim(word: string): string | null {
  const spelled = MAIL.exec(word) ?? WITH_SCHEME.exec(word);
  if (spelled?.[1]) return spelled[1].toLowerCase();
  const [, host = '', domain = ''] = BARE.exec(word) ?? [];
  // Code is full of dots: `console.log` is no host, and neither is `main.py`.
  const isHost = (KNOWN_DOMAIN.test(domain) && !FILE.test(domain)) || /^www\./i.test(host) || word[host.length] === '/';
  return host !== '' && isHost ? host.toLowerCase() : null;
}

/** Whether somebody who was told one address is at home at the other: it is the same, or below it. */
function keeps(claim: string, place: string): boolean {
  if (claim.includes('@') && place.includes('@')) return claim === place.toLowerCase();
  const told = hostOf(claim);
  const actual = hostOf(place);
  return actual === told || actual.endsWith(`.${told}`) || told === `www.${actual}`;
}

/** As a browser spells it. */
function hostOf(address: string): string {
  const host = address.slice(address.indexOf('@') + 1);
  return URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname.replace(/\.$/, '') : host;
}
