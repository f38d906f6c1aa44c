import type { ReactNode, RefObject } from 'react';
import type { Candidate } from '@/lib/browser/draft-files';
import type { DraftToSend } from '@/lib/browser/turns';
import type { Workspace, WorkspaceState } from '@/lib/browser/workspace';
import type { ChatState, Message } from '@/lib/chat/chat-state';
import type { ModelInfo } from '@/lib/protocol/models';
import { AttachButton } from './attach-button';
import { AttachmentTray } from './attachment-tray';
import { Composer, withoutBlankEnds } from './composer';
import { DropZone } from './drop-zone';
import { Queue } from './queue';
import { StoreNotice } from './store-notice';
import { useDraftFiles } from './use-draft-files';

type DeskProps = {
  readonly workspace: Workspace;
  readonly state: WorkspaceState;
  readonly conversation: ChatState;
  /** What the next message stands behind. */
  readonly finished: readonly Message[];
  readonly models: readonly ModelInfo[];
  readonly model: string;
  readonly textareaRef: RefObject<HTMLTextAreaElement | null>;
  readonly modelRef: RefObject<HTMLSelectElement | null>;
  readonly toast: ReactNode;
  /** What there is to know about the conversation as a whole. */
  readonly notice: ReactNode;
  readonly onSend: (text: string, files?: DraftToSend) => void;
  readonly onFocusComposer: () => void;
  readonly onOpenOptions: () => void;
  readonly onEditPrompts: () => void;
};

/** Where a message is written: the box for it, its files, what waits before it, and what there is to know about it. */
export function Desk(props: DeskProps) {
  const { workspace, state, conversation, finished, models, model, textareaRef, modelRef } = props;
  const { toast, notice, onSend, onFocusComposer, onOpenOptions, onEditPrompts } = props;
  const { chat, draft, view, problem } = state;
  const { reply, choices } = conversation;
  const { draftFiles } = workspace;
  const waiting = choices.queue.map((message) => ({ ...message, parentId: null, role: 'user' as const, createdAt: 0 }));
  const files = useDraftFiles(draftFiles, [...finished, ...waiting], draft);
  const isRunning = reply !== null;

  /** The button that was pressed goes away with what it did. */
  const andFocus =
    <Arguments extends readonly unknown[]>(act: (...given: Arguments) => void) =>
    (...given: Arguments) => {
      act(...given);
      onFocusComposer();
    };
  const addFiles = andFocus((candidates: readonly Candidate[]) => draftFiles.add(candidates));
  const sendAlone = () => {
    onSend(withoutBlankEnds(draft), { isAlone: true });
    workspace.setDraft('');
  };
  return (
    <div className="relative z-10">
      <StoreNotice problem={problem} readAll={workspace.readAll} />
      {toast}
      {notice}
      <Queue
        messages={choices.queue}
        isRunning={isRunning}
        onSendNext={andFocus(workspace.sendNext)}
        onEdit={(message) => {
          workspace.editQueued(message);
          textareaRef.current?.focus();
        }}
        onDrop={andFocus(workspace.dropQueued)}
      />
      <Composer
        textareaRef={textareaRef}
        modelRef={modelRef}
        draft={draft}
        onDraftChange={workspace.setDraft}
        models={models}
        model={model}
        onOpenOptions={onOpenOptions}
        onModelChange={(id) => workspace.changeSettings({ model: id })}
        isRunning={isRunning}
        isStopping={reply?.connection === 'stopping'}
        isReady={view !== 'loading'}
        files={files.status}
        attachButton={<AttachButton onFiles={addFiles} />}
        tray={
          <AttachmentTray
            {...files}
            onRemove={andFocus(draftFiles.remove)}
            onDismiss={draftFiles.dismissProblems}
            onSendAlone={sendAlone}
            onNewChat={andFocus(workspace.moveDraftToNewChat)}
          />
        }
        onSend={(text) => onSend(text, { isAlone: false })}
        onStop={() => chat?.stop()}
        prompts={workspace.prompts}
        onEditPrompts={onEditPrompts}
      />
      <DropZone onFiles={addFiles} />
    </div>
  );
}
