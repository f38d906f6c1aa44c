import { answerModels } from '@/lib/server/answer-models';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return answerModels(request);
}
