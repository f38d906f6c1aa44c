import { BookText, ListPlus, SlidersHorizontal } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId } from 'react';
import { isOfInputMethod } from '@/lib/browser/input-method';
import type { PromptLibrary } from '@/lib/browser/prompt-library';
import { hasTouchKeyboard } from '@/lib/browser/touch-keyboard';
import type { ModelInfo } from '@/lib/protocol/models';
import { ActionButton } from './action-button';
import { BarButton } from './bar-button';
import { GrowingTextarea } from './growing-textarea';
import { PromptMenuPart } from './lazy-parts';
import { SendHint } from './send-hint';
import { SendOrStop } from './send-or-stop';
import type { ComposerFiles } from './use-draft-files';
import { usePreferences } from './use-preferences';
import { usePromptMenu } from './use-prompt-menu';

type ComposerProps = {
  readonly textareaRef: RefObject<HTMLTextAreaElement | null>;
  readonly modelRef: RefObject<HTMLSelectElement | null>;
  readonly draft: string;
  readonly onDraftChange: (text: string) => void;
  readonly models: readonly ModelInfo[];
  readonly model: string;
  readonly onModelChange: (id: string) => void;
  readonly onOpenOptions: () => void;
  readonly isRunning: boolean;
  readonly isStopping: boolean;
  /** Whether there is a chat to send to. */
  readonly isReady: boolean;
  /** Files go along: then there need not be words. `held-up`: they cannot be sent as they are. */
  readonly files: ComposerFiles['status'];
  readonly tray: ReactNode;
  readonly attachButton: ReactNode;
  readonly onSend: (text: string) => void;
  readonly onStop: () => void;
  readonly prompts: PromptLibrary;
  readonly onEditPrompts: () => void;
};

export function Composer({
  textareaRef,
  modelRef,
  draft,
  onDraftChange,
  models,
  model,
  onModelChange,
  onOpenOptions,
  isRunning,
  isStopping,
  isReady,
  files,
  tray,
  attachButton,
  onSend,
  onStop,
  prompts,
  onEditPrompts,
}: ComposerProps) {
  const { sendKey } = usePreferences();
  const hintId = useId();
  const menu = usePromptMenu({ library: prompts, textareaRef, draft, onDraftChange });
  const canSend = isReady && files !== 'held-up' && (draft.trim() !== '' || files === 'ready');

  useEffect(() => {
    // What was typed before this code had arrived.
    if (textareaRef.current?.value) onDraftChange(textareaRef.current.value);
    if (!hasTouchKeyboard()) textareaRef.current?.focus();
  }, [textareaRef, onDraftChange]);

  function send() {
    if (!canSend) return;
    onSend(withoutBlankEnds(draft));
    onDraftChange('');
    menu.close();
  }

  function sendOnEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (menu.takeKey(event)) return;
    if (event.key !== 'Enter' || event.shiftKey || isOfInputMethod(event.nativeEvent)) return;
    // On a touch keyboard Enter is the only way to a new line, and Send is under the thumb.
    const breaksLine = sendKey === 'modified' || hasTouchKeyboard();
    if (breaksLine && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      aria-label="Write to Claude"
      onBlur={({ currentTarget, relatedTarget }) => {
        // Where nothing else has taken the focus, the window has lost it.
        if (relatedTarget && !currentTarget.contains(relatedTarget)) menu.close();
      }}
      className="fade-above relative z-10 mx-auto w-full max-w-[46rem] px-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-4"
    >
      <div className="rounded-2xl border border-line bg-surface shadow-black/[0.04] shadow-lg transition-colors focus-within:border-river">
        {tray}
        <GrowingTextarea
          ref={textareaRef}
          aria-label="Message"
          placeholder="Message Claude"
          value={draft}
          onChange={(text, caret) => {
            onDraftChange(text);
            menu.followText(text, caret);
          }}
          onKeyDown={sendOnEnter}
          onSelect={menu.followCaret}
          aria-describedby={hintId}
          aria-autocomplete="list"
          aria-controls={menu.isShown ? menu.listId : undefined}
          aria-activedescendant={menu.isShown && menu.active ? menu.optionId(menu.active) : undefined}
        />
        <PromptMenuPart menu={menu} onEdit={onEditPrompts} />
        <div className="flex items-center gap-0.5 px-1.5 pb-2 sm:gap-1.5 sm:px-2">
          {attachButton}
          <select
            ref={modelRef}
            aria-label="Model"
            value={model}
            onChange={(event) => onModelChange(event.target.value)}
            className="h-9 min-w-0 text-ellipsis rounded-lg bg-transparent px-1.5 text-muted text-sm hover:text-ink pointer-coarse:h-11"
          >
            {models.map(({ id, label, unavailable }) => (
              <option key={id} value={id} disabled={unavailable !== undefined} className="bg-surface text-ink">
                {/* Next to the box that says whom one writes to. */}
                {label.replace(/^Claude /, '')}
                {unavailable && ' (not available)'}
              </option>
            ))}
          </select>
          <BarButton label="Chat options" icon={SlidersHorizontal} aria-haspopup="dialog" onClick={onOpenOptions} />
          <BarButton
            label="Prompts"
            icon={BookText}
            aria-haspopup="listbox"
            aria-expanded={menu.isShown}
            onMouseDown={(event) => event.preventDefault()}
            onClick={menu.toggle}
          />
          <div className="ms-auto flex shrink-0 items-center gap-1.5 sm:gap-3">
            <SendHint id={hintId} sendKey={sendKey} />
            {isRunning && canSend && (
              <ActionButton onClick={send} title="Queue">
                <ListPlus aria-hidden="true" className="size-4" strokeWidth={1.75} />
                <span className="max-sm:sr-only">Queue</span>
              </ActionButton>
            )}
            <SendOrStop
              isRunning={isRunning}
              isStopping={isStopping}
              canSend={canSend}
              draft={draft}
              onSend={send}
              onStop={onStop}
            />
          </div>
        </div>
      </div>
    </form>
  );
}

/** Without the blank lines around it; the indentation of its first line stays. */
export function withoutBlankEnds(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}
