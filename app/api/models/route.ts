import { answerModels } from '@/lib/server/answer-models';
import { otherMethods } from '@/lib/server/other-methods';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return answerModels(request);
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET', 'HEAD');
