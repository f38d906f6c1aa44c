import { NEW_CHAT } from './chat-store';
import type { DraftBox } from './draft-box';

/** Another wording of a question, as far as it is typed. */
export type Edit = { readonly questionId: string; readonly text: string };

/** The name under which it is kept, beside the draft of the chat. */
export const editKey = (chatId: string) => `${chatId}/edit`;

/** Keeps the one edit that a chat can have, like a draft: behind the id of its question. */
export function createEditBox(drafts: Pick<DraftBox, 'read' | 'write'>) {
  return {
    read: async (chatId: string): Promise<Edit | null> => {
      if (chatId === NEW_CHAT) return null;
      const stored = await drafts.read(editKey(chatId));
      const end = stored.indexOf('\n');
      return end < 0 ? null : { questionId: stored.slice(0, end), text: stored.slice(end + 1) };
    },
    write: (chatId: string, edit: Edit | null): void => {
      drafts.write(editKey(chatId), edit ? `${edit.questionId}\n${edit.text}` : '');
    },
  };
}
