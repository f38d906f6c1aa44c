/** Longer ones are refused by many servers too. */
const MAX_URL_CHARS = 2048;

/**
 * The address of an image that our page for pictures can show: https, without a password, and with a host that a
 * Content-Security-Policy can name: it has no words for an IPv6 address, and `*` and `;` are words of its own. Null where
 * it is none.
 */
export function findPictureUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isNamed = url.username === '' && url.password === '' && /^[\w.-]+$/.test(url.hostname);
  return url.protocol === 'https:' && isNamed && url.href.length <= MAX_URL_CHARS ? url : null;
}

/** Where our page for this picture is. */
export const picturePath = ({ href }: URL) => `/picture?url=${encodeURIComponent(href)}`;
