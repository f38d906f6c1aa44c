import type { ReactNode } from 'react';
import { useId } from 'react';

type SettingsSectionProps = { readonly title: string; readonly children: ReactNode };

/** What belongs together among the settings. */
export function SettingsSection({ title, children }: SettingsSectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex flex-col gap-4 border-line border-t py-6 first-of-type:border-0 first-of-type:pt-4"
    >
      <h3 id={id} className="font-semibold text-sm">
        {title}
      </h3>
      {children}
    </section>
  );
}

type ChoiceProps<Value> = {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, name: string])[];
  readonly onChoose: (value: Value) => void;
  readonly children?: ReactNode;
};

/** One of a few, all of which are to be seen. */
export function Choice<Value extends string | boolean | null>({
  label,
  value,
  options,
  onChoose,
  children,
}: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="setting" aria-describedby={children ? `${name}-hint` : undefined}>
      <legend className="sr-only">{label}</legend>
      <span aria-hidden="true" className="setting-label">
        {label}
      </span>
      <div className="choice">
        {options.map(([option, text]) => (
          <label key={text}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChoose(option)} />
            {text}
          </label>
        ))}
      </div>
      {children && <SettingHint id={`${name}-hint`}>{children}</SettingHint>}
    </fieldset>
  );
}

/** One of many. */
export function Selection<Value extends string>({ label, value, options, onChoose }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <div className="setting">
      <label htmlFor={id} className="setting-label">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={({ target }) => {
          const chosen = options.find(([option]) => option === target.value);
          if (chosen) onChoose(chosen[0]);
        }}
        className="field h-9 min-w-0 max-w-full text-ellipsis pointer-coarse:h-11"
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

type SwitchProps = {
  readonly label: string;
  readonly isOn: boolean;
  readonly isPossible?: boolean;
  readonly onSwitch: (isOn: boolean) => void;
  readonly children?: ReactNode;
};

/** Something that is so or not. */
export function Switch({ label, isOn, isPossible = true, onSwitch, children }: SwitchProps) {
  const id = useId();
  return (
    <div className="setting">
      <label htmlFor={id} className="setting-label">
        {label}
      </label>
      <span className="switch">
        <input
          id={id}
          type="checkbox"
          role="switch"
          aria-checked={isOn}
          checked={isOn}
          disabled={!isPossible}
          aria-describedby={children ? `${id}-hint` : undefined}
          onChange={({ target }) => onSwitch(target.checked)}
        />
      </span>
      {children && <SettingHint id={`${id}-hint`}>{children}</SettingHint>}
    </div>
  );
}

function SettingHint({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <p id={id} aria-live="polite" className="w-full text-muted text-sm">
      {children}
    </p>
  );
}
