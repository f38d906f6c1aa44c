import { useId } from 'react';
import type { Asking } from '@/lib/browser/preferences';
import type { Effort, ModelInfo } from '@/lib/protocol/models';
import { ModelCards } from './model-cards';
import { Choice, Selection } from './setting';

type AskingSettingsProps = {
  readonly models: readonly ModelInfo[];
  /** The model that is meant where none is chosen. */
  readonly defaultModel: string;
  /** Whether that can be left so. */
  readonly hasDefault: boolean;
  readonly asking: Asking;
  readonly instructionsHint: string;
  readonly onChange: (changes: Partial<Asking>) => void;
};

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

/** Which model answers, and how. What a model does not take is not offered for it. */
export function AskingSettings(props: AskingSettingsProps) {
  const { models, defaultModel, hasDefault, asking, instructionsHint, onChange } = props;
  const find = (id: string | null) => models.find((each) => each.id === id);
  const usual = find(defaultModel);
  const model = find(asking.model) ?? usual;
  const chooseModel = (id: string | null) => {
    const next = find(id) ?? usual;
    const { effort, thinks } = asking;
    onChange({
      model: id,
      thinks: next?.thinking === 'none' ? null : thinks,
      effort: effort && next?.efforts.includes(effort) ? effort : null,
    });
  };
  return (
    <>
      <ModelCards
        models={models}
        usual={hasDefault ? usual : undefined}
        value={hasDefault ? (find(asking.model)?.id ?? null) : (model?.id ?? null)}
        onChoose={chooseModel}
      />
      {model && model.thinking !== 'none' && (
        <Choice
          label="Think first"
          value={asking.thinks}
          options={THINKING}
          onChoose={(thinks) => onChange({ thinks })}
        />
      )}
      {model && model.efforts.length > 0 && (
        <Selection<Effort | ''>
          label="Effort"
          value={asking.effort ?? ''}
          options={[
            ['', model.defaultEffort ? `Default (${EFFORT_NAMES[model.defaultEffort].toLowerCase()})` : 'Default'],
            ...model.efforts.map((effort) => [effort, EFFORT_NAMES[effort]] as const),
          ]}
          onChoose={(effort) => onChange({ effort: effort || null })}
        />
      )}
      <Instructions text={asking.system} hint={instructionsHint} onChange={(system) => onChange({ system })} />
    </>
  );
}

type InstructionsProps = {
  readonly text: string;
  readonly hint: string;
  readonly onChange: (text: string) => void;
};

function Instructions({ text, hint, onChange }: InstructionsProps) {
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
        onChange={({ target }) => onChange(target.value)}
        className="field w-full py-2"
      />
      <p id={`${id}-hint`} className="w-full text-muted text-sm">
        {hint}
      </p>
    </div>
  );
}
