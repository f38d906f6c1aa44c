import { BookmarkPlus, PencilLine } from 'lucide-react';
import { type ComponentProps, type MouseEvent, useEffect, useRef } from 'react';
import type { Prompt } from '@/lib/chat/prompts';
import type { PromptMenuState } from './use-prompt-menu';

export type PromptMenuProps = { readonly menu: PromptMenuState; readonly onEdit: () => void };

/** The keyboard stays in the composer, whatever is pressed here. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

/** The prompts over the composer. */
export function PromptMenu({ menu, onEdit }: PromptMenuProps) {
  const { isShown, isLoaded, prompts, active, saved, listId } = menu;
  return (
    <>
      {isShown && (
        <div className="prompt-menu">
          <div
            role="listbox"
            id={listId}
            aria-label="Prompts"
            className="min-h-0 overflow-y-auto overscroll-contain p-1.5"
          >
            {prompts.map((prompt) => (
              <PromptOption
                key={prompt.id}
                id={menu.optionId(prompt)}
                prompt={prompt}
                isActive={prompt === active}
                onChoose={() => menu.choose(prompt)}
              />
            ))}
          </div>
          {isLoaded && prompts.length === 0 && (
            <p className="px-4 pb-2 text-muted text-sm">There are no prompts yet.</p>
          )}
          <div className="flex shrink-0 flex-wrap items-center gap-1 border-line border-t px-1.5 py-1">
            {menu.canSave && !saved && (
              <FootButton onClick={menu.save}>
                <BookmarkPlus aria-hidden="true" className="size-4" strokeWidth={1.75} />
                Save as prompt
              </FootButton>
            )}
            {saved && <p className="min-w-0 truncate px-2.5 text-muted text-sm">Saved as “{saved}”</p>}
            <FootButton
              onClick={() => {
                menu.close();
                onEdit();
              }}
            >
              <PencilLine aria-hidden="true" className="size-4" strokeWidth={1.75} />
              Edit prompts
            </FootButton>
          </div>
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {isShown &&
          (saved ? `Saved as ${saved}.` : prompts.length === 1 ? 'One prompt.' : `${prompts.length} prompts.`)}
      </p>
    </>
  );
}

type PromptOptionProps = {
  readonly id: string;
  readonly prompt: Prompt;
  readonly isActive: boolean;
  readonly onChoose: () => void;
};

function PromptOption({ id, prompt, isActive, onChoose }: PromptOptionProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the composer, where the focus is
    <div
      ref={ref}
      role="option"
      id={id}
      tabIndex={-1}
      aria-selected={isActive}
      onMouseDown={keepFocus}
      onClick={onChoose}
      className="prompt-option"
    >
      <span dir="auto" className="shrink-0 font-medium">
        {prompt.name}
      </span>
      <span dir="auto" className="min-w-0 flex-1 truncate text-muted">
        {prompt.text}
      </span>
    </div>
  );
}

function FootButton(button: Pick<ComponentProps<'button'>, 'onClick' | 'children'>) {
  return (
    <button
      type="button"
      onMouseDown={keepFocus}
      className="flex h-8 shrink-0 items-center gap-1.5 rounded-lg px-2.5 text-muted text-sm transition-colors hover:text-ink pointer-coarse:h-11"
      {...button}
    />
  );
}
