import { otherMethods } from '@/lib/server/other-methods';
import { answerSignIn, answerSignOut } from '@/lib/server/sign-in';

export const dynamic = 'force-dynamic';

export function POST(request: Request): Promise<Response> {
  return answerSignIn(request);
}

export function DELETE(request: Request): Promise<Response> {
  return answerSignOut(request);
}

export const { GET, HEAD, PUT, PATCH, OPTIONS } = otherMethods('POST', 'DELETE');
