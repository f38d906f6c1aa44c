import { answerChat } from '@/lib/server/answer-chat';
import { otherMethods } from '@/lib/server/other-methods';

export const dynamic = 'force-dynamic';
/** Seconds: what serverless platforms allow everywhere. A Node server has its own limit in the settings. */
export const maxDuration = 300;

export function POST(request: Request): Promise<Response> {
  return answerChat(request);
}

export const { GET, HEAD, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
