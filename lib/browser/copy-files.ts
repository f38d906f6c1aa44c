import type { Attachment } from '@/lib/chat/attachment';
import type { ChatState } from '@/lib/chat/chat-state';
import type { FileBox } from './file-box';
import { unheard } from './unheard';

/** A conversation for another chat, with files of its own: they go with it. */
export function copyFiles(state: ChatState, chatId: string, box: FileBox, newId: () => string): ChatState {
  const copyOf = (attachment: Attachment) => {
    const copy = { ...attachment, id: newId() };
    unheard(box.read(attachment.id).then((blob) => blob && box.keep(copy.id, chatId, blob)));
    return copy;
  };
  const messages = state.messages.map((message) =>
    message.role === 'user' && message.attachments
      ? { ...message, attachments: message.attachments.map(copyOf) }
      : message,
  );
  return { ...state, messages };
}
