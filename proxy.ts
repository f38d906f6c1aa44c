import { type NextRequest, NextResponse } from 'next/server';
import { identifyCaller } from '@/lib/server/caller';

/**
 * The page brings the caller's name along, so that the first reply has its owner before anything can go wrong with it. And
 * it is told whether its address names a chat, which a rewritten page cannot see.
 */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.delete('x-rivulet-chat');
  if (request.nextUrl.pathname !== '/') headers.set('x-rivulet-chat', '1');
  const response = NextResponse.next({ request: { headers } });
  const { cookie } = identifyCaller(request);
  if (cookie) response.headers.append('Set-Cookie', cookie);
  return response;
}

/** Pages alone: where a proxy stands before a route, the platform cuts its body at 10 MB without a word. */
export const config = { matcher: ['/', '/chat/:chatId'] };
