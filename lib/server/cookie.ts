import 'server-only';

/** The values of every cookie of this name, in the order in which they were sent. */
export function readCookies(headers: Headers, name: string): readonly string[] {
  return (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([given]) => given === name)
    .map(([, value = '']) => value);
}

type CookieOptions = { readonly maxAgeSeconds: number; readonly isSecure: boolean };

/** A `Set-Cookie` header for a cookie that no script can read and no other site can use. */
export function writeCookie(name: string, value: string, { maxAgeSeconds, isSecure }: CookieOptions): string {
  const attributes = [
    'Path=/',
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure ? ['Secure'] : []),
  ];
  return [`${name}=${value}`, ...attributes].join('; ');
}

/** As the browser sees it: a proxy may have taken the encryption off. Who lies about it harms only their own cookies. */
export function isEncrypted(request: Request): boolean {
  return request.headers.get('x-forwarded-proto')?.startsWith('https') || request.url.startsWith('https:');
}
