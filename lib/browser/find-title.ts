import { shownMessages } from '@/lib/chat/branches';
import type { ChatState } from '@/lib/chat/chat-state';
import { titleRequestFor } from '@/lib/chat/title-request';
import type { ModelInfo } from '@/lib/protocol/models';
import type { ChatStore } from './chat-store';
import { unheard } from './unheard';
import { createWriteTitle, type WriteTitle } from './write-title';

type FindTitleOptions = {
  /** Without it chats keep the first words of their question. */
  readonly titleModel: ModelInfo | undefined;
  readonly writeTitle?: WriteTitle;
  readonly store: Pick<ChatStore, 'titleChat'>;
};

/**
 * Finds a title for a chat that has none of its own: after the first answer, and in nobody's way. One that has none by then
 * has one after the next. Never rejects.
 */
export async function findTitle(
  chatId: string,
  { messages, choices }: ChatState,
  { titleModel, writeTitle = createWriteTitle(), store }: FindTitleOptions,
): Promise<void> {
  const request = titleModel && titleRequestFor(shownMessages({ messages, choices, reply: null }), titleModel);
  const title = request && (await writeTitle(request));
  if (title) unheard(store.titleChat(chatId, title));
}
