import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { identifyCaller } from '@/lib/server/caller';
import { isEncrypted } from '@/lib/server/cookie';
import { describePage } from '@/lib/server/page-headers';

/**
 * The page brings the caller's name along, so that the first reply has its owner before anything can go wrong with it. It
 * is told whether its address names a chat, which a rewritten page cannot see, and the nonce of this response alone: Next
 * takes it out of the policy among the headers of the request. Whatever a client sent under these names is overwritten.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString('base64');
  const isDevelopment = process.env.NODE_ENV === 'development';
  const pageHeaders = new Headers(describePage({ nonce, isEncrypted: isEncrypted(request), isDevelopment }));
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', pageHeaders.get('Content-Security-Policy') ?? '');
  headers.set('x-rivulet-nonce', nonce);
  headers.delete('x-rivulet-chat');
  if (request.nextUrl.pathname !== '/') headers.set('x-rivulet-chat', '1');
  const { cookie } = identifyCaller(request);
  if (cookie) pageHeaders.append('Set-Cookie', cookie);
  return NextResponse.next({ request: { headers }, headers: pageHeaders });
}

/** Pages alone: where a proxy stands before a route, the platform cuts its body at 10 MB without a word. */
export const config = { matcher: ['/((?!api/|_next/static/|picture$|diagram$|diagram/.*\\.mjs$|icon\\.svg$).*)'] };
