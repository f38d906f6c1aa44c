import { useId } from 'react';
import { pricesOf } from '@/lib/chat/prices';
import type { ModelInfo } from '@/lib/protocol/models';

type ModelCardsProps = {
  readonly models: readonly ModelInfo[];
  /** The model that is meant where none is chosen, if that can be left so. */
  readonly usual: ModelInfo | undefined;
  readonly value: string | null;
  readonly onChoose: (modelId: string | null) => void;
};

/** The models on offer: what each is for, how much it can read at once, what it costs, and why one cannot be had. */
export function ModelCards({ models, usual, value, onChoose }: ModelCardsProps) {
  const name = useId();
  return (
    <fieldset className="flex w-full min-w-0 flex-col gap-1.5">
      <legend className="setting-label mb-2">Model</legend>
      {usual && (
        <label className="model-card">
          <input type="radio" name={name} checked={value === null} onChange={() => onChoose(null)} />
          <span className="font-medium">Default</span>
          <span className="text-muted">Now {usual.label}</span>
        </label>
      )}
      {models.map((model) => (
        <label key={model.id} className="model-card">
          <input
            type="radio"
            name={name}
            checked={value === model.id}
            disabled={model.unavailable !== undefined}
            onChange={() => onChoose(model.id)}
          />
          <span className="font-medium">{model.label}</span>
          <span className="text-end text-muted tabular-nums">{factsOf(model)}</span>
          {model.purpose && <span className="col-span-2 text-muted">{model.purpose}</span>}
          {model.unavailable && <span className="col-span-2 text-warning">{model.unavailable}</span>}
        </label>
      ))}
      <p className="mt-1 text-muted text-xs">
        How many tokens a model reads at once, and what a million of them cost in · out, in US dollars.
      </p>
    </fieldset>
  );
}

const sizes = new Intl.NumberFormat('en-US', { notation: 'compact' });
const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  trailingZeroDisplay: 'stripIfInteger',
});

function factsOf({ id, contextTokens }: ModelInfo): string {
  const prices = pricesOf(id);
  const cost = prices && `${dollars.format(prices.input)} · ${dollars.format(prices.output)}`;
  return [sizes.format(contextTokens), cost].filter(Boolean).join(', ');
}
