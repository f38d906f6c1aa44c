import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import { getAvailability } from './model-availability';
import { listModels } from './public-config';
import { respond } from './respond';

/** Whoever asks for the models wants to know which ones work, and rather soon than surely. */
const PATIENCE_MS = 1000;

/** Answers `GET /api/models`, after a short wait for Claude's own list where it is not known yet. Never rejects. */
export function answerModels(request: Request): Promise<Response> {
  return respond(request, async () => {
    await Promise.race([getAvailability().refresh(), delay(PATIENCE_MS, undefined, { ref: false })]);
    return Response.json(listModels());
  });
}
