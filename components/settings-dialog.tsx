import { useLayoutEffect, useRef } from 'react';
import { modifiedEnter } from '@/lib/browser/modified-enter';
import { preferences } from '@/lib/browser/preferences';
import type { PromptLibrary } from '@/lib/browser/prompt-library';
import { CloseButton } from './close-button';
import { NewChatSettings, type OfferedModels } from './new-chat-settings';
import { NotificationSetting } from './notification-setting';
import { PromptSettings } from './prompt-settings';
import { ResetSettings } from './reset-settings';
import { Choice, SettingsSection } from './setting';
import { StorageSettings, type StorageSettingsProps } from './storage-settings';
import { usePreferences } from './use-preferences';

/** Where the settings are opened. */
export type SettingsPlace = 'beginning' | 'prompts';

export type SettingsDialogProps = OfferedModels &
  StorageSettingsProps & {
    readonly prompts: PromptLibrary;
    /** Null while they are closed. */
    readonly openAt: SettingsPlace | null;
    readonly onClose: () => void;
  };

/** Everything that a person can prefer. Each change holds at once: there is nothing to save. */
export function SettingsDialog({ openAt, onClose, ...settings }: SettingsDialogProps) {
  const isOpen = openAt !== null;
  const ref = useRef<HTMLDialogElement>(null);

  // Before the effects of what is in it, which look for their place.
  useLayoutEffect(() => {
    if (isOpen) ref.current?.showModal();
    else ref.current?.close();
  }, [isOpen]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog, and there is a button
    <dialog
      ref={ref}
      aria-label="Settings"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="sheet"
    >
      {isOpen && (
        <div className="flex max-h-[inherit] flex-col">
          <div className="fade-below relative z-10 flex h-14 shrink-0 items-center justify-between ps-5 pe-2 sm:ps-7 sm:pe-4">
            <h2 className="font-semibold text-[0.95rem] tracking-tight">Settings</h2>
            <CloseButton label="Close" onClick={onClose} />
          </div>
          <div className="min-h-0 overflow-y-auto overscroll-contain px-5 pb-[env(safe-area-inset-bottom)] sm:px-7">
            <Everything {...settings} openAt={openAt} />
          </div>
        </div>
      )}
    </dialog>
  );
}

function Everything({ models, defaultModel, problem, readAll, prompts, openAt }: Omit<SettingsDialogProps, 'onClose'>) {
  const preferred = usePreferences();
  return (
    <>
      {!preferences.isLasting() && (
        <p role="status" className="mb-5 text-sm text-warning">
          This browser does not let Rivulet save settings. They hold until you close the page.
        </p>
      )}
      <SettingsSection title="Appearance">
        <Choice
          label="Theme"
          value={preferred.theme}
          options={[
            ['system', 'System'],
            ['light', 'Light'],
            ['dark', 'Dark'],
          ]}
          onChoose={(theme) => preferences.set({ theme })}
        />
        <Choice
          label="Text size"
          value={preferred.textSize}
          options={[
            ['small', 'Small'],
            ['medium', 'Medium'],
            ['large', 'Large'],
            ['larger', 'Larger'],
          ]}
          onChoose={(textSize) => preferences.set({ textSize })}
        />
      </SettingsSection>
      <SettingsSection title="Writing and reading">
        <Choice
          label="Send with"
          value={preferred.sendKey}
          options={[
            ['enter', 'Enter'],
            ['modified', modifiedEnter()],
          ]}
          onChoose={(sendKey) => preferences.set({ sendKey })}
        >
          {preferred.sendKey === 'enter' ? 'Shift+Enter breaks the line.' : 'Enter breaks the line.'}
        </Choice>
        <Choice
          label="Claude’s thinking"
          value={preferred.thinking}
          options={[
            ['folded', 'Folded'],
            ['open', 'Open'],
            ['hidden', 'Hidden'],
          ]}
          onChoose={(thinking) => preferences.set({ thinking })}
        />
        <NotificationSetting notifies={preferred.notifies} />
      </SettingsSection>
      <NewChatSettings models={models} defaultModel={defaultModel} preferred={preferred} />
      <PromptSettings library={prompts} isWanted={openAt === 'prompts'} />
      <StorageSettings problem={problem} readAll={readAll} />
      <ResetSettings preferred={preferred} />
    </>
  );
}
