import { modifiedEnter } from '@/lib/browser/modified-enter';
import { preferences } from '@/lib/browser/preferences';
import type { PromptLibrary } from '@/lib/browser/prompt-library';
import type { ModelInfo } from '@/lib/protocol/models';
import { AskingSettings } from './asking-settings';
import { NotificationSetting } from './notification-setting';
import { PromptSettings } from './prompt-settings';
import { ResetSettings } from './reset-settings';
import { Choice, SettingsSection } from './setting';
import { Sheet } from './sheet';
import { SignOut } from './sign-out';
import { StorageSettings, type StorageSettingsProps } from './storage-settings';
import { usePreferences } from './use-preferences';

/** Where the settings are opened. */
export type SettingsPlace = 'beginning' | 'prompts';

export type SettingsDialogProps = StorageSettingsProps & {
  readonly models: readonly ModelInfo[];
  readonly defaultModel: string;
  readonly canSignOut: boolean;
  readonly prompts: PromptLibrary;
  /** Null while they are closed. */
  readonly openAt: SettingsPlace | null;
  readonly onClose: () => void;
};

/** Everything that a person can prefer. Each change holds at once: there is nothing to save. */
export function SettingsDialog({ openAt, onClose, ...settings }: SettingsDialogProps) {
  return (
    <Sheet title="Settings" isOpen={openAt !== null} onClose={onClose}>
      {openAt !== null && <Everything {...settings} openAt={openAt} />}
    </Sheet>
  );
}

function Everything(props: Omit<SettingsDialogProps, 'onClose'>) {
  const { models, defaultModel, canSignOut, problem, readAll, prompts, openAt } = props;
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
      <SettingsSection title="New chats">
        <AskingSettings
          models={models}
          defaultModel={defaultModel}
          hasDefault
          asking={preferred}
          instructionsHint="What Claude is told before each new chat."
          onChange={preferences.set}
        />
      </SettingsSection>
      <PromptSettings library={prompts} isWanted={openAt === 'prompts'} />
      <StorageSettings problem={problem} readAll={readAll} />
      <ResetSettings preferred={preferred} />
      {canSignOut && <SignOut />}
    </>
  );
}
