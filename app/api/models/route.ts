import { answerModels } from '@/lib/server/answer-models';

export const dynamic = 'force-dynamic';

export function GET(): Promise<Response> {
  return answerModels();
}
