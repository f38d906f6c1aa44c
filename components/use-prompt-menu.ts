import { type KeyboardEvent, type RefObject, useId, useRef, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { isOfInputMethod } from '@/lib/browser/input-method';
import { newId } from '@/lib/browser/new-id';
import type { PromptLibrary } from '@/lib/browser/prompt-library';
import { hasTouchKeyboard } from '@/lib/browser/touch-keyboard';
import { findPrompts, insertPrompt, nameOf, type Prompt, slashBefore, type TextRange } from '@/lib/chat/prompts';

type PromptMenuOptions = {
  readonly library: PromptLibrary;
  readonly textareaRef: RefObject<HTMLTextAreaElement | null>;
  readonly draft: string;
  readonly onDraftChange: (text: string) => void;
};

/** By a slash what follows it narrows the list; by the button all are there, and what is typed closes it. */
type Opened = { readonly by: 'slash' | 'button'; readonly range: TextRange; readonly saved?: string };

const NONE: readonly Prompt[] = [];
const subscribeToNothing = () => () => {};
const getNone = () => null;

/** The list of prompts over the composer, whose keys are those of the textarea while it is open. */
export function usePromptMenu({ library, textareaRef, draft, onDraftChange }: PromptMenuOptions) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [activeIndex, setActiveIndex] = useState(0);
  /** Who has closed it goes on with the same slash. */
  const isUnwanted = useRef(false);
  const id = useId();
  const subscribe = opened ? library.subscribe : subscribeToNothing;
  const all = useSyncExternalStore(subscribe, library.getSnapshot, getNone);
  const query = opened?.by === 'slash' ? draft.slice(opened.range.start + 1, opened.range.end) : '';
  const prompts = opened && all ? findPrompts(all, query) : NONE;
  const isShown = opened !== null && (prompts.length > 0 || opened.by === 'button');
  const active = prompts[Math.min(activeIndex, prompts.length - 1)];

  function open(next: Opened | null): void {
    setOpened(next);
    setActiveIndex(0);
  }

  function followText(text: string, caret: number): void {
    const range = slashBefore(text, caret);
    if (!range) isUnwanted.current = false;
    open(range && !isUnwanted.current ? { by: 'slash', range } : null);
  }

  /** The caret alone has moved: that opens nothing. */
  function followCaret(): void {
    const textarea = textareaRef.current;
    if (opened?.by !== 'slash' || !textarea) return;
    if (slashBefore(textarea.value, textarea.selectionEnd)?.end !== opened.range.end) open(null);
  }

  function toggle(): void {
    const textarea = textareaRef.current;
    if (!textarea) return;
    open(isShown ? null : { by: 'button', range: { start: textarea.selectionStart, end: textarea.selectionEnd } });
    if (!hasTouchKeyboard()) textarea.focus();
  }

  function choose(prompt: Prompt): void {
    if (!opened) return;
    const inserted = insertPrompt(draft, opened.range, prompt.text);
    flushSync(() => {
      open(null);
      onDraftChange(inserted.draft);
    });
    textareaRef.current?.focus();
    textareaRef.current?.setSelectionRange(inserted.selection.start, inserted.selection.end);
  }

  function save(): void {
    if (!opened) return;
    const prompt = { id: newId(), name: '', text: draft };
    library.save(prompt);
    setOpened({ ...opened, saved: nameOf(prompt) });
  }

  /** Whether the key was for the list. */
  function takeKey(event: KeyboardEvent): boolean {
    if (!isShown || isOfInputMethod(event.nativeEvent) || event.ctrlKey || event.metaKey) return false;
    const count = prompts.length;
    const step = { ArrowDown: 1, ArrowUp: count - 1 }[event.key];
    if (step !== undefined && count > 0) setActiveIndex((prompts.indexOf(active ?? NO_PROMPT) + step) % count);
    else if (event.key === 'Enter' && !event.shiftKey && active) choose(active);
    else if (event.key === 'Escape') {
      isUnwanted.current = opened?.by === 'slash';
      open(null);
    } else return false;
    event.preventDefault();
    return true;
  }

  return {
    isShown,
    isLoaded: all !== null,
    prompts,
    active,
    saved: opened?.saved,
    /** Whether what is typed could be a prompt. */
    canSave: opened?.by === 'button' && draft.trim() !== '',
    listId: `${id}-list`,
    optionId: (prompt: Prompt) => `${id}-${prompt.id}`,
    followText,
    followCaret,
    takeKey,
    toggle,
    choose,
    save,
    close: () => open(null),
  };
}

const NO_PROMPT: Prompt = { id: '', name: '', text: '' };

export type PromptMenuState = ReturnType<typeof usePromptMenu>;
