import { otherMethods } from '@/lib/server/other-methods';
import { answerProviderCallback } from '@/lib/server/provider-sign-in';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return answerProviderCallback(request);
}

export const { HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
