import { listModels } from '@/lib/server/public-config';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  return Response.json(listModels());
}
