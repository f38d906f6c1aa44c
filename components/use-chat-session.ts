import { useState, useSyncExternalStore } from 'react';
import { createChatSession } from '@/lib/browser/chat-session';
import { EMPTY_CHAT } from '@/lib/chat/chat-state';

/** The session of this page, and its state as React sees it. */
export function useChatSession() {
  const [session] = useState(() => createChatSession());
  const state = useSyncExternalStore(session.subscribe, session.getSnapshot, () => EMPTY_CHAT);
  return { session, state };
}
