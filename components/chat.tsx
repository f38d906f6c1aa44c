'use client';

import { useEffect, useRef, useState } from 'react';
import { isOfInputMethod } from '@/lib/browser/input-method';
import { hasTouchKeyboard } from '@/lib/browser/touch-keyboard';
import type { ChatState } from '@/lib/chat/chat-state';
import type { ModelInfo } from '@/lib/protocol/models';
import type { Suggestion } from '@/lib/protocol/suggestion';
import { Composer } from './composer';
import { EmptyScreen } from './empty-screen';
import { Header } from './header';
import { StatusRegion } from './status-region';
import { Thread } from './thread';
import { useChatSession } from './use-chat-session';
import { useMarkdown } from './use-markdown';

type ChatProps = {
  readonly models: readonly ModelInfo[];
  readonly defaultModel: string;
  readonly isSimulated: boolean;
  readonly suggestions: readonly Suggestion[];
};

export function Chat({ models, defaultModel, isSimulated, suggestions }: ChatProps) {
  const { session, state } = useChatSession();
  const [model, setModel] = useState(defaultModel);
  const [draft, setDraft] = useState('');
  const textareaRef = useRef<HTMLTextAreaElement>(null);
  const modelRef = useRef<HTMLSelectElement>(null);
  // Fetched while nobody waits for it: after the page has become usable, before the first answer.
  useMarkdown();
  const isEmpty = state.messages.length === 0;
  const isRunning = state.reply !== null;
  const needsModel = isModelMissing(state);

  useEffect(() => {
    if (!isRunning) return;
    const stopOnEscape = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isOfInputMethod(event)) session.stop();
    };
    document.addEventListener('keydown', stopOnEscape);
    return () => document.removeEventListener('keydown', stopOnEscape);
  }, [session, isRunning]);

  useEffect(() => {
    if (needsModel) modelRef.current?.focus();
  }, [needsModel]);

  // The button that was pressed goes away with what it did; the keyboard goes on in the composer.
  const focusComposer = () => {
    if (!hasTouchKeyboard()) textareaRef.current?.focus();
  };
  const send = (text: string) => {
    session.send(text, { model });
    focusComposer();
  };
  const retry = () => {
    session.retry({ model });
    focusComposer();
  };
  const edit = () => {
    const question = session.takeBackQuestion();
    setDraft(draft.trim() === '' ? question : `${question}\n\n${draft}`);
    textareaRef.current?.focus();
  };
  const clear = () => {
    session.clear();
    focusComposer();
  };

  return (
    <div className="page">
      <Header isSimulated={isSimulated} canClear={!isEmpty} onClear={clear} />
      <main aria-label="Conversation" className="relative min-h-0 min-w-0">
        {isEmpty ? (
          <EmptyScreen suggestions={suggestions} isSimulated={isSimulated} onChoose={send} />
        ) : (
          <Thread state={state} onRetry={retry} onEdit={edit} onSend={send} onJump={focusComposer} />
        )}
      </main>
      <Composer
        textareaRef={textareaRef}
        modelRef={modelRef}
        draft={draft}
        onDraftChange={setDraft}
        models={models}
        model={model}
        onModelChange={setModel}
        isRunning={isRunning}
        onSend={send}
        onStop={session.stop}
      />
      <StatusRegion state={state} />
    </div>
  );
}

/** Whether the next step is to choose another model. */
function isModelMissing({ messages, reply }: ChatState): boolean {
  const last = messages.at(-1);
  if (reply || last?.role !== 'assistant') return false;
  return last.end.status === 'failed' && last.end.error.code === 'model_unavailable';
}
