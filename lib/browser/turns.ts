import { filesOf } from '@/lib/chat/attachment';
import { findMessage } from '@/lib/chat/branches';
import type { ChatSettings } from '@/lib/chat/chat-settings';
import type { QueuedMessage } from '@/lib/chat/chat-state';
import { deletionOf } from '@/lib/chat/decide';
import type { Toast } from './deletions';
import type { DraftBox } from './draft-box';
import type { DraftFiles } from './draft-files';
import { createEditBox, type Edit } from './edit-draft';
import type { SharedChat } from './shared-chat';

/** That the files of the draft go along; `isAlone`: those of earlier messages do not. */
export type DraftToSend = { readonly isAlone: boolean };

/** What a person does with the turns of the shown chat. What another tab is in the way of is said, and nothing is lost. */
export type Turns = {
  /**
   * Sends to the shown chat, or has it wait while a reply runs; with the files of the draft where that is wanted. What could
   * not be sent is a draft again.
   */
  readonly send: (text: string, settings: ChatSettings, files?: DraftToSend) => void;
  /** Sends what waits first. */
  readonly sendNext: () => void;
  /** Makes what waits the draft again. */
  readonly editQueued: (message: QueuedMessage) => void;
  readonly dropQueued: (message: QueuedMessage) => void;
  /** Asks for another answer to a question. */
  readonly regenerate: (questionId: string, settings: ChatSettings) => void;
  /** Shows a turn in the place of those beside it. */
  readonly choose: (messageId: string) => void;
  readonly changeSettings: (settings: ChatSettings) => void;
  /** Deletes a turn, a question with its answers; it can be brought back as long as the toast says so. */
  readonly deleteMessage: (messageId: string) => void;
  /** Begins another wording of a question with the one that it has. */
  readonly edit: (questionId: string) => void;
  readonly setEdit: (text: string) => void;
  readonly cancelEdit: () => void;
  /** Asks the edited question beside the first one. */
  readonly sendEdit: (settings: ChatSettings) => void;
};

type TurnsOptions = {
  readonly shown: () => SharedChat | null;
  readonly drafts: DraftBox;
  readonly say: (toast: Toast) => void;
  /** A message is on its way to this chat. */
  readonly onSend: (chat: SharedChat) => void;
  /** Makes a text of a chat its draft again. */
  readonly giveBack: (chatId: string, text: string) => void;
  readonly onEdit: (edit: Edit | null) => void;
  /** Shows a chat, and gives it: one that was left is closed, and decides nothing. */
  readonly reopen: (chatId: string) => SharedChat | null;
  readonly takeFiles: DraftFiles['take'];
  readonly giveBackFiles: DraftFiles['giveBack'];
  readonly newId: () => string;
};

export function createTurns(options: TurnsOptions) {
  const { shown, drafts, say, onSend, giveBack, onEdit, reopen, takeFiles, giveBackFiles, newId } = options;
  const edits = createEditBox(drafts);
  let edit: Edit | null = null;

  /** What waits in which queue and is being taken out of it: pressed twice, it is taken once. */
  const unqueueing = new Set<string>();

  /** `restore`: what can be tried again. */
  const inAnotherTab = (restore?: () => void) =>
    say({ text: 'Another tab is busy with this chat. Try again when it is done.', ...(restore && { restore }) });
  const orSay = (done: Promise<boolean> | undefined) => void done?.then((isDone) => isDone || inAnotherTab());

  /** Brings something back in the chat that it is of, whichever is shown by then; where that fails, it can be tried again. */
  function wayBack(chatId: string, restore: (chat: SharedChat) => Promise<boolean>): () => void {
    const again = () => {
      const chat = reopen(chatId);
      if (chat) void restore(chat).then((isDone) => isDone || inAnotherTab(again));
    };
    return again;
  }

  /** Gives whether the message waits no more, and is this call's: not where it was sent by then, or is taken already. */
  async function unqueue(chat: SharedChat, { id }: QueuedMessage): Promise<boolean> {
    if (unqueueing.has(id)) return false;
    unqueueing.add(id);
    const isDone = await chat.decide({ type: 'message-unqueued', id });
    unqueueing.delete(id);
    if (!isDone) inAnotherTab();
    return isDone && !findMessage(chat.getSnapshot().messages, id);
  }

  function show(next: Edit | null): void {
    edit = next;
    onEdit(next);
  }

  function write(next: Edit | null): void {
    const chat = shown();
    if (chat) edits.write(chat.id, next);
    show(next);
  }

  /** Ends the edit of the shown chat. What was typed can be had back, and so can what it takes the place of then. */
  function discard(): void {
    const [chat, given] = [shown(), edit];
    write(null);
    if (!chat || !given || given.text === textOf(given.questionId)) return;
    const restore = () => {
      if (!reopen(chat.id)) return;
      discard();
      write(given);
    };
    say({ text: 'The edit is discarded.', restore });
  }

  function textOf(questionId: string): string | null {
    const question = findMessage(shown()?.getSnapshot().messages ?? [], questionId);
    return question?.role === 'user' ? question.text : null;
  }

  /** The reply may have ended in this very moment: then nothing is left to wait for. */
  async function queue(chat: SharedChat, message: QueuedMessage): Promise<boolean> {
    const isQueued = await chat.decide({ type: 'message-queued', message });
    if (isQueued && chat.getSnapshot().reply === null) await chat.sendNext();
    return isQueued;
  }

  const turns: Turns = {
    send: (text, settings, files) => {
      const chat = shown();
      if (!chat) return;
      const isToWait = () => {
        const { reply, choices } = chat.getSnapshot();
        return reply !== null || choices.queue.length > 0;
      };
      drafts.hold(chat.id, text);
      const taken = files ? takeFiles() : null;
      const sent = filesOf({ attachments: taken?.attachments, leavesFiles: files?.isAlone });
      const wait = () => queue(chat, { id: newId(), text, settings, ...sent });
      // Another tab may have begun a reply in this very moment.
      const sending = isToWait() ? wait() : chat.send(text, settings, sent).then((isSent) => isSent || wait());
      void sending.then((isSent) => {
        drafts.release(chat.id);
        taken?.settle(isSent);
        if (isSent) return;
        giveBack(chat.id, text);
        inAnotherTab();
      });
      onSend(chat);
    },
    sendNext: () => orSay(shown()?.sendNext()),
    editQueued: async (message) => {
      const chat = shown();
      if (!chat || !(await unqueue(chat, message))) return;
      giveBack(chat.id, message.text);
      giveBackFiles(chat.id, message.attachments ?? []);
    },
    dropQueued: async (message) => {
      const chat = shown();
      if (!chat || !(await unqueue(chat, message))) return;
      say({ text: 'Removed from the queue.', restore: wayBack(chat.id, (found) => queue(found, message)) });
    },
    regenerate: (questionId, settings) => orSay(shown()?.regenerate(questionId, settings)),
    choose: (id) => orSay(shown()?.decide({ type: 'branch-chosen', id })),
    changeSettings: (settings) => orSay(shown()?.decide({ type: 'settings-changed', settings })),
    deleteMessage: (messageId) => {
      const chat = shown();
      if (!chat) return;
      const conversation = chat.getSnapshot();
      const ids = deletionOf(conversation, messageId);
      if (conversation.reply && ids.includes(conversation.reply.parentId)) {
        say({ text: 'Claude is answering this. Stop the answer first.' });
        return;
      }
      const restore = wayBack(chat.id, (found) => found.decide({ type: 'messages-restored', ids }));
      void chat.decide({ type: 'messages-deleted', ids }).then((isDone) => {
        if (isDone) say({ text: ids.length > 1 ? 'Question and answer deleted.' : 'Message deleted.', restore });
        else inAnotherTab();
      });
    },
    edit: (questionId) => {
      const text = textOf(questionId);
      if (text === null || edit?.questionId === questionId) return;
      discard();
      write({ questionId, text });
    },
    setEdit: (text) => {
      if (edit) write({ ...edit, text });
    },
    cancelEdit: discard,
    sendEdit: (settings) => {
      const [chat, sent] = [shown(), edit];
      if (!chat || !sent || sent.text.trim() === '') return;
      void chat.send(sent.text, settings, { insteadOf: sent.questionId }).then((isSent) => {
        if (!isSent) inAnotherTab();
        else if (chat !== shown()) edits.write(chat.id, null);
        // Who has typed meanwhile goes on with that.
        else if (edit === sent) write(null);
      });
    },
  };

  return {
    turns,
    /** Shows the edit that the shown chat has. */
    readEdit: async (): Promise<void> => {
      const chat = shown();
      show(null);
      const found = chat && (await edits.read(chat.id));
      if (found && chat === shown() && edit === null) show(found);
    },
  };
}
