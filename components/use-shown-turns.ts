import { findMessage, shownPath } from '@/lib/chat/branches';
import type { ChatState } from '@/lib/chat/chat-state';

/** What is shown of a conversation. Only the last turn changes while a reply grows: all else keeps its identity. */
export function useShownTurns({ messages, reply, choices }: ChatState) {
  const path = shownPath(messages, choices, reply?.id, reply?.parentId);
  const finished = path.flatMap(({ id, isDeleted }) => (isDeleted ? [] : (findMessage(messages, id) ?? [])));
  const turns = path.flatMap(({ id }) => findMessage(messages, id) ?? reply ?? []);
  return { path, turns, finished, last: turns.at(-1) };
}
