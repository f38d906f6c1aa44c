import 'server-only';
import { ChatError } from '@/lib/protocol/chat-error';
import { respondToAnyone } from './respond';

/** Answers an address of the API that there is not, in the form of all its errors. Never rejects. */
export function answerNothing(request: Request): Promise<Response> {
  return respondToAnyone(request, async () => {
    throw new ChatError('not_found');
  });
}
