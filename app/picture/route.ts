import { answerPicture } from '@/lib/server/picture';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return answerPicture(request);
}
