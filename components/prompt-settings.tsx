import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { newId } from '@/lib/browser/new-id';
import type { PromptLibrary } from '@/lib/browser/prompt-library';
import type { Prompt } from '@/lib/chat/prompts';
import { IconButton } from './icon-button';
import { PromptEditor } from './prompt-editor';
import { SettingsSection } from './setting';

export type PromptSettingsProps = {
  readonly library: PromptLibrary;
  /** Whether they are what the settings were opened for. */
  readonly isWanted: boolean;
};

const getNone = () => null;
const areStoredAtFirst = () => true;

/** The library of prompts: to add to, to change, to delete from. */
export function PromptSettings({ library, isWanted }: PromptSettingsProps) {
  const prompts = useSyncExternalStore(library.subscribe, library.getSnapshot, getNone);
  const areStored = useSyncExternalStore(library.subscribe, library.areStored, areStoredAtFirst);
  const [edited, setEdited] = useState<Prompt | null>(null);
  const [deleted, setDeleted] = useState<Prompt | null>(null);
  const [returnTo, setReturnTo] = useState<string | null>(null);
  const ref = useRef<HTMLDivElement>(null);
  const isRead = prompts !== null;

  useEffect(() => {
    if (!isWanted || !isRead) return;
    ref.current?.querySelector('button')?.focus({ preventScroll: true });
    ref.current?.closest('section')?.scrollIntoView({ block: 'start' });
  }, [isWanted, isRead]);

  // The button that was pressed is gone, or is there again: the keyboard goes on at what took its place.
  useEffect(() => {
    if (returnTo !== null) ref.current?.querySelector<HTMLElement>(`[data-place="${returnTo}"] button`)?.focus();
  }, [returnTo]);

  const edit = (prompt: Prompt) => {
    setReturnTo(null);
    setDeleted(null);
    setEdited(prompt);
  };
  const remove = (prompt: Prompt) => {
    library.remove(prompt);
    setDeleted(prompt);
    setReturnTo('undo');
  };
  const undo = (prompt: Prompt) => {
    library.save(prompt);
    setDeleted(null);
    setReturnTo('new');
  };

  return (
    <SettingsSection title="Prompts">
      <div ref={ref} className="flex flex-col gap-3">
        {!areStored && (
          <p role="alert" className="text-sm text-warning">
            This browser could not save your prompts. They hold until you close the page.
          </p>
        )}
        {edited ? (
          <PromptEditor
            key={edited.id}
            prompt={edited}
            onChange={library.save}
            onDone={() => {
              setEdited(null);
              setReturnTo(prompts?.some(({ id }) => id === edited.id) ? edited.id : 'new');
            }}
          />
        ) : (
          <>
            <p className="text-muted text-sm">Type / at the beginning of a line to insert one.</p>
            <ul>
              {prompts?.map((prompt) => (
                <li
                  key={prompt.id}
                  data-place={prompt.id}
                  className="flex items-center gap-1 border-line border-b py-1.5 text-sm last:border-0"
                >
                  <p className="min-w-0 flex-1 truncate">
                    <span dir="auto">{prompt.name}</span> <span className="text-muted">{prompt.text}</span>
                  </p>
                  <IconButton label={`Edit ${prompt.name}`} icon={Pencil} onClick={() => edit(prompt)} />
                  <IconButton label={`Delete ${prompt.name}`} icon={Trash2} onClick={() => remove(prompt)} />
                </li>
              ))}
            </ul>
            {deleted && (
              <div data-place="undo" className="flex flex-wrap items-center gap-2 text-sm">
                <p role="status" className="text-muted">
                  “{deleted.name}” is deleted.
                </p>
                <button
                  type="button"
                  onClick={() => undo(deleted)}
                  className="h-9 rounded-lg px-2.5 font-semibold text-river hover:underline pointer-coarse:h-11"
                >
                  Undo
                </button>
              </div>
            )}
            <div data-place="new" className="-ms-2.5 flex">
              <button
                type="button"
                onClick={() => edit({ id: newId(), name: '', text: '' })}
                className="flex h-9 items-center gap-1.5 rounded-lg px-2.5 font-semibold text-river text-sm hover:underline pointer-coarse:h-11"
              >
                <Plus aria-hidden="true" className="size-4" strokeWidth={1.75} />
                New prompt
              </button>
            </div>
          </>
        )}
      </div>
    </SettingsSection>
  );
}
