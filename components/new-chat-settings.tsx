import { useId } from 'react';
import { type Preferences, preferences } from '@/lib/browser/preferences';
import type { Effort, ModelInfo } from '@/lib/protocol/models';
import { Choice, Selection, SettingsSection } from './setting';

export type OfferedModels = { readonly models: readonly ModelInfo[]; readonly defaultModel: string };

const EFFORT_NAMES: Readonly<Record<Effort, string>> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  xhigh: 'Extra high',
  max: 'Maximum',
};

const THINKING = [
  [null, 'Default'],
  [true, 'On'],
  [false, 'Off'],
] as const;

/** What a new chat begins with. What a model does not take is not offered for it. */
export function NewChatSettings({
  models,
  defaultModel,
  preferred,
}: OfferedModels & { readonly preferred: Preferences }) {
  const chosen = models.find(({ id }) => id === preferred.model);
  const ofServer = models.find(({ id }) => id === defaultModel);
  const model = chosen ?? ofServer;
  const chooseModel = (id: string) => {
    const next = models.find((each) => each.id === id) ?? ofServer;
    const { effort, thinks } = preferred;
    preferences.set({
      model: id || null,
      thinks: next?.thinking === 'none' ? null : thinks,
      effort: effort && next?.efforts.includes(effort) ? effort : null,
    });
  };
  return (
    <SettingsSection title="New chats">
      <Selection
        label="Model"
        value={chosen?.id ?? ''}
        options={[
          ['', ofServer ? `Default (${ofServer.label})` : 'Default'],
          ...models.map(({ id, label }) => [id, label] as const),
        ]}
        onChoose={chooseModel}
      />
      {model && model.thinking !== 'none' && (
        <Choice
          label="Think first"
          value={preferred.thinks}
          options={THINKING}
          onChoose={(thinks) => preferences.set({ thinks })}
        />
      )}
      {model && model.efforts.length > 0 && (
        <Selection<Effort | ''>
          label="Effort"
          value={preferred.effort ?? ''}
          options={[['', 'Default'], ...model.efforts.map((effort) => [effort, EFFORT_NAMES[effort]] as const)]}
          onChoose={(effort) => preferences.set({ effort: effort || null })}
        />
      )}
      <SystemPrompt text={preferred.system} />
    </SettingsSection>
  );
}

function SystemPrompt({ text }: { readonly text: string }) {
  const id = useId();
  return (
    <div className="setting">
      <label htmlFor={id} className="setting-label">
        Instructions
      </label>
      <textarea
        id={id}
        dir="auto"
        rows={4}
        value={text}
        aria-describedby={`${id}-hint`}
        placeholder="I am a biologist. Answer briefly, and name your sources."
        onChange={({ target }) => preferences.set({ system: target.value })}
        className="field w-full py-2"
      />
      <p id={`${id}-hint`} className="w-full text-muted text-sm">
        What Claude is told before each new chat.
      </p>
    </div>
  );
}
