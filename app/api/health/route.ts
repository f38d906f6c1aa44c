import { answerHealth } from '@/lib/server/answer-health';
import { otherMethods } from '@/lib/server/other-methods';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return answerHealth(request);
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET', 'HEAD');
