import type { MessageFiles } from '@/lib/chat/attachment';
import type { StoredMessage } from '@/lib/chat/history';
import type { ChatRecord, DraftRecord } from './stored-records';

/** The files that turns name, and messages that wait. */
export function fileIdsOf(messages: readonly (MessageFiles | StoredMessage)[]): readonly string[] {
  return messages
    .flatMap((message) => ('attachments' in message ? (message.attachments ?? []) : []))
    .map(({ id }) => id);
}

/** The files of what waited in a chat and does no more: it was sent, dropped, or is a draft again. */
export function unqueuedFileIds(before: ChatRecord | undefined, { choices }: ChatRecord): readonly string[] {
  const waiting = new Set(choices.queue.map(({ id }) => id));
  return fileIdsOf(before?.choices.queue.filter(({ id }) => !waiting.has(id)) ?? []);
}

/** For each file that something names the chat, or the draft, that it is with; a turn comes before a draft. */
export function ownersOf(
  drafts: readonly DraftRecord[],
  chats: readonly ChatRecord[],
  messages: readonly StoredMessage[],
): ReadonlyMap<string, string> {
  return new Map([
    ...drafts.flatMap((draft) => fileIdsOf([draft]).map((id) => [id, draft.chatId] as const)),
    ...chats.flatMap((chat) => fileIdsOf(chat.choices.queue).map((id) => [id, chat.id] as const)),
    ...messages.flatMap((message) => fileIdsOf([message]).map((id) => [id, message.chatId] as const)),
  ]);
}
