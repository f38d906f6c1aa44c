import type { Page, Request } from '@playwright/test';

/** The next request for a reply that somebody reads as it grows. A title, which has no name, is none. */
export function nextChatRequest(page: Page): Promise<Request> {
  return page.waitForRequest(
    (request) => new URL(request.url()).pathname === '/api/chat' && request.postDataJSON()?.replyId !== undefined,
  );
}
