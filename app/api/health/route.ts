import { answerHealth } from '@/lib/server/answer-health';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return answerHealth(request);
}
