import { useState, useSyncExternalStore } from 'react';
import { createSummaryRuns, type SummaryRun } from '@/lib/browser/summary-run';
import type { Workspace, WorkspaceState } from '@/lib/browser/workspace';
import { shownMessages } from '@/lib/chat/branches';
import type { ChatState } from '@/lib/chat/chat-state';
import { titleOfChat } from '@/lib/chat/stored-chat';
import type { ModelInfo } from '@/lib/protocol/models';

type SummaryOptions = {
  readonly workspace: Workspace;
  readonly state: WorkspaceState;
  readonly conversation: ChatState;
  /** The one that the chat is asked with. */
  readonly model: Pick<ModelInfo, 'id' | 'contextTokens'> | undefined;
  /** Something was pressed that goes away with what it did. */
  readonly onDone: () => void;
};

/** The way from a chat that is full into a new one. */
export type Summary = {
  /** Of the shown chat. */
  readonly run: SummaryRun | null;
  /** Sums the shown chat up; where it is still shown then, a new one opens with that. */
  readonly start: () => void;
  /** Opens a new chat with what was written, else without it. */
  readonly open: () => void;
  /** Ends what is being written, and forgets what was. */
  readonly clear: () => void;
};

export function useSummary({ workspace, state, conversation, model, onDone }: SummaryOptions): Summary {
  const [runs] = useState(() => createSummaryRuns());
  const run = useSyncExternalStore(runs.subscribe, runs.getSnapshot, runs.getSnapshot);
  const { chat, chats } = state;
  const { settings } = conversation.choices;

  const open = () => {
    const written = runs.getSnapshot();
    runs.clear();
    if (written?.name === 'written') workspace.newChatWith(written.draft);
    else workspace.newChat();
    if (Object.keys(settings).length > 0) workspace.changeSettings(settings);
    onDone();
  };
  const start = () => {
    if (!chat || !model) return;
    const title = chats.find(({ id }) => id === chat.id)?.title ?? titleOfChat(conversation);
    const isOver = runs.start(chat.id, { messages: shownMessages(conversation), title, model });
    onDone();
    void isOver.then(() => {
      const isShown = workspace.getSnapshot().chat?.id === chat.id;
      if (isShown && runs.getSnapshot()?.name === 'written') open();
    });
  };
  const isOfShown = run?.chatId === chat?.id;
  return {
    run: isOfShown ? run : null,
    start,
    open,
    clear: () => {
      runs.clear();
      onDone();
    },
  };
}
