import { useEffect, useState, useSyncExternalStore } from 'react';
import { createWorkspace } from '@/lib/browser/workspace';
import { EMPTY_CHAT } from '@/lib/chat/chat-state';
import type { ModelInfo } from '@/lib/protocol/models';

const subscribeToNothing = () => () => {};
const getEmptyChat = () => EMPTY_CHAT;

/**
 * The workspace of this page, its state and that of the shown chat, as React sees them.
 *
 * @param isChatNamed whether the address of the page names a chat
 * @param titleModel finds titles for chats
 */
export function useWorkspace(isChatNamed: boolean, titleModel: ModelInfo | undefined) {
  const [workspace] = useState(() => createWorkspace(isChatNamed ? 'loading' : 'new', { titleModel }));
  const state = useSyncExternalStore(workspace.subscribe, workspace.getSnapshot, workspace.getSnapshot);
  const { chat } = state;
  const conversation = useSyncExternalStore(
    chat?.subscribe ?? subscribeToNothing,
    chat?.getSnapshot ?? getEmptyChat,
    getEmptyChat,
  );
  useEffect(() => workspace.start(), [workspace]);
  return { workspace, state, conversation };
}
