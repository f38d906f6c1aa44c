import { answerDiagramPage } from '@/lib/server/diagram';

export const dynamic = 'force-static';

export function GET(): Response {
  return answerDiagramPage();
}
