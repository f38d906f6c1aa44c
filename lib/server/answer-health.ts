import 'server-only';
import { describeHealth } from './public-config';
import { respondToAnyone } from './respond';

/** Answers `GET /api/health`, for whoever watches over the server: they have no session. Never rejects. */
export function answerHealth(request: Request): Promise<Response> {
  return respondToAnyone(request, async () => Response.json(describeHealth()));
}
