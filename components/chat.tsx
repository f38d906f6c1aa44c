'use client';

import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { chatSettingsOf } from '@/lib/browser/preferences';
import { hasTouchKeyboard } from '@/lib/browser/touch-keyboard';
import type { DraftToSend } from '@/lib/browser/turns';
import { settingsToSend } from '@/lib/chat/chat-settings';
import type { Message, Reply } from '@/lib/chat/chat-state';
import { contextUse } from '@/lib/chat/cost';
import { needsNewChat } from '@/lib/chat/notice';
import type { ModelInfo } from '@/lib/protocol/models';
import type { Suggestion } from '@/lib/protocol/suggestion';
import { ChatsDrawer } from './chats-drawer';
import { Desk } from './desk';
import { EmptyScreen } from './empty-screen';
import { Header } from './header';
import { ChatOptionsSheet, ContextNoticePart, Settings } from './lazy-parts';
import { MissingChat } from './missing-chat';
import { Offer } from './offer';
import { ReadFile } from './read-file';
import type { SettingsPlace } from './settings-dialog';
import { Sidebar } from './sidebar';
import { StatusRegion } from './status-region';
import { Thread } from './thread';
import { Toast } from './toast';
import type { TurnActions } from './turn-actions';
import { useMarkdown } from './use-markdown';
import { useAppearance, usePreferences } from './use-preferences';
import { useShownTurns } from './use-shown-turns';
import { useStopOnEscape } from './use-stop-on-escape';
import { useSummary } from './use-summary';
import { useTabTitle } from './use-tab-title';
import { useWorkspace } from './use-workspace';

type ChatProps = {
  readonly models: readonly ModelInfo[];
  readonly defaultModel: string;
  /** The one that finds titles for chats. */
  readonly titleModel: string;
  readonly isSimulated: boolean;
  readonly suggestions: readonly Suggestion[];
  /** Whether the address names a chat: then nothing is shown until it is read. */
  readonly isChatNamed: boolean;
  /** Whether this browser has signed in. */
  readonly canSignOut: boolean;
};

export function Chat(props: ChatProps) {
  // Compiled it would be 2 kB more before the first paint. What a thousand chats are drawn from is kept by hand.
  'use no memo';
  const { models, defaultModel, titleModel, isSimulated, suggestions, isChatNamed, canSignOut } = props;
  const { workspace, state, conversation } = useWorkspace(
    isChatNamed,
    models.find(({ id }) => id === titleModel),
  );
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const [settingsAt, setSettingsAt] = useState<SettingsPlace | null>(null);
  const [isSidebarOpen, setIsSidebarOpen] = useState(true);
  const [areOptionsOpen, setAreOptionsOpen] = useState(false);
  const [isKeyboardUsed, setIsKeyboardUsed] = useState(false);
  const textareaRef = useRef<HTMLTextAreaElement>(null);
  const modelRef = useRef<HTMLSelectElement>(null);
  // Fetched while nobody waits for it: after the page has become usable, before the first answer.
  useMarkdown();
  useAppearance();
  const { chat, view } = state;
  const { messages, reply, choices } = conversation;
  const isRunning = reply !== null;
  const { path, turns, finished, last } = useShownTurns(conversation);
  const preferred = chatSettingsOf(usePreferences());
  const settings = settingsToSend(choices.settings, messages.length === 0 ? preferred : {}, { models, defaultModel });
  const isEmpty = view === 'new' || (view === 'open' && turns.length === 0);
  const needsModel = isModelMissing(last);
  const title = state.chats.find(({ id }) => id === chat?.id)?.title;

  useStopOnEscape(isRunning && chat ? chat.stop : null);

  useTabTitle(title, state.runningIds.length > 0);

  useEffect(() => {
    if (needsModel) modelRef.current?.focus();
  }, [needsModel]);

  const focusComposer = useFocusComposer(textareaRef);
  const model = models.find(({ id }) => id === settings.model);
  const summary = useSummary({ workspace, state, conversation, model, onDone: focusComposer });
  const send = (text: string, withFiles?: DraftToSend) => {
    if (view === 'missing') workspace.newChat();
    workspace.send(text, settings, withFiles);
    focusComposer();
  };
  const actions: TurnActions = {
    onRegenerate: (questionId, modelId) => {
      workspace.regenerate(questionId, { ...settings, model: modelId ?? settings.model });
      focusComposer();
    },
    onEdit: workspace.edit,
    onChoose: workspace.choose,
    onFork: (messageId) => {
      workspace.fork(messageId);
      focusComposer();
    },
    onDelete: (messageId, isByKey) => {
      setIsKeyboardUsed(isByKey);
      workspace.deleteMessage(messageId);
    },
    onSend: send,
    onContinueInNewChat: summary.start,
  };
  const newChat = () => {
    workspace.newChat();
    focusComposer();
  };
  const openChat = useCallback(
    (chatId: string) => {
      setIsDrawerOpen(false);
      workspace.openChat(chatId);
      focusComposer();
    },
    [workspace, focusComposer],
  );
  const deleteChat = useCallback(
    (chatId: string, isByKey: boolean) => {
      setIsKeyboardUsed(isByKey);
      workspace.deleteChat(chatId);
    },
    [workspace],
  );
  const list = {
    chats: state.chats,
    isListed: state.isListed,
    runningIds: state.runningIds,
    shownId: view === 'new' ? undefined : chat?.id,
    onOpen: openChat,
    onRename: workspace.renameChat,
    onDelete: deleteChat,
  };

  const toast = state.toast && (
    <Toast
      toast={state.toast}
      takesFocus={isKeyboardUsed}
      onUndo={() => {
        workspace.undo();
        focusComposer();
      }}
      onDismiss={() => {
        workspace.dismissToast();
        focusComposer();
      }}
      onHold={workspace.holdToast}
    />
  );

  const offer = { models, isSimulated };
  const page = (
    <div className="workspace" data-sidebar={isSidebarOpen ? 'open' : 'closed'}>
      <Sidebar {...list} />
      <div className="page">
        <Header
          isSimulated={isSimulated}
          canBegin={!isEmpty}
          isSidebarOpen={isSidebarOpen}
          onToggleSidebar={() => setIsSidebarOpen(!isSidebarOpen)}
          onOpenDrawer={() => setIsDrawerOpen(true)}
          onNewChat={newChat}
          onOpenSettings={() => setSettingsAt('beginning')}
        />
        <main aria-label="Conversation" className="relative min-h-0 min-w-0">
          {isEmpty && <EmptyScreen suggestions={suggestions} isSimulated={isSimulated} onChoose={send} />}
          {view === 'open' && !isEmpty && (
            <Thread
              key={chat?.id}
              path={path}
              turns={turns}
              unreadable={state.unreadable}
              actions={actions}
              editedId={state.edit?.questionId}
              editor={{
                text: state.edit?.text ?? '',
                canSend: !isRunning,
                onChange: workspace.setEdit,
                onCancel: workspace.cancelEdit,
                onSend: () => {
                  workspace.sendEdit(settings);
                  focusComposer();
                },
              }}
              onJump={focusComposer}
            />
          )}
          {view === 'missing' && <MissingChat isKept={state.problem === null} onNewChat={newChat} />}
        </main>
        <Desk
          workspace={workspace}
          state={state}
          conversation={conversation}
          finished={finished}
          models={models}
          model={settings.model}
          textareaRef={textareaRef}
          modelRef={modelRef}
          toast={!isDrawerOpen && toast}
          notice={
            view === 'open' &&
            chat &&
            model && (
              <ContextNoticePart
                key={chat.id}
                chatId={chat.id}
                use={isTooLong(last) ? null : contextUse(finished, model.contextTokens)}
                contextTokens={model.contextTokens}
                isRunning={isRunning}
                summary={summary}
                onDismiss={focusComposer}
              />
            )
          }
          onSend={send}
          onFocusComposer={focusComposer}
          onOpenOptions={() => setAreOptionsOpen(true)}
          onEditPrompts={() => setSettingsAt('prompts')}
        />
        <StatusRegion last={last} />
      </div>
      <ChatsDrawer
        isOpen={isDrawerOpen}
        toast={toast}
        onClose={() => setIsDrawerOpen(false)}
        onOpenSettings={() => setSettingsAt('beginning')}
        {...list}
      />
      <ChatOptionsSheet
        isOpen={areOptionsOpen}
        models={models}
        settings={settings}
        messages={messages}
        shown={finished}
        isSimulated={isSimulated}
        onChange={workspace.changeSettings}
        onClose={() => setAreOptionsOpen(false)}
      />
      <Settings
        openAt={settingsAt}
        onClose={() => setSettingsAt(null)}
        prompts={workspace.prompts}
        models={models}
        defaultModel={defaultModel}
        problem={state.problem}
        readAll={workspace.readAll}
        canSignOut={canSignOut}
      />
    </div>
  );

  return (
    <ReadFile value={workspace.readFile}>
      <Offer value={offer}>{page}</Offer>
    </ReadFile>
  );
}

/** The button that was pressed goes away with what it did; the keyboard goes on in the composer. */
function useFocusComposer(textareaRef: RefObject<HTMLTextAreaElement | null>): () => void {
  return useCallback(() => {
    if (!hasTouchKeyboard()) textareaRef.current?.focus();
  }, [textareaRef]);
}

/** Whether the way on is offered beside the answer already. */
function isTooLong(last: Message | Reply | undefined): boolean {
  return last !== undefined && 'end' in last && needsNewChat(last);
}

/** Whether the next step is to choose another model. */
function isModelMissing(last: Message | Reply | undefined): boolean {
  return (
    last !== undefined && 'end' in last && last.end.status === 'failed' && last.end.error.code === 'model_unavailable'
  );
}
