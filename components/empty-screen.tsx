import type { Suggestion } from '@/lib/protocol/suggestion';

type EmptyScreenProps = {
  readonly suggestions: readonly Suggestion[];
  readonly isSimulated: boolean;
  readonly onChoose: (prompt: string) => void;
};

export function EmptyScreen({ suggestions, isSimulated, onChoose }: EmptyScreenProps) {
  const answers = suggestions.filter(({ group }) => group === 'answer');
  const failures = suggestions.filter(({ group }) => group === 'failure');
  return (
    <div className="view">
      <div className="column pt-[clamp(1.5rem,9vh,6rem)] pb-10">
        <h2 className="text-balance font-serif text-[2.1rem] leading-[1.15] tracking-[-0.015em] sm:text-[2.6rem]">
          What would you like to know?
        </h2>
        <p className="mt-4 max-w-[36rem] text-muted">
          {isSimulated
            ? 'No key is set, so Claude is simulated here: it answers the prompts below, word by word, as the real one would.'
            : 'Answers arrive word by word. Stop one at any time; what you have seen stays.'}
        </p>
        <SuggestionList title="Ask" suggestions={answers} onChoose={onChoose} />
        {failures.length > 0 && (
          <SuggestionList title="Or watch something go wrong" suggestions={failures} onChoose={onChoose} />
        )}
      </div>
    </div>
  );
}

type SuggestionListProps = {
  readonly title: string;
  readonly suggestions: readonly Suggestion[];
  readonly onChoose: (prompt: string) => void;
};

function SuggestionList({ title, suggestions, onChoose }: SuggestionListProps) {
  return (
    <section className="mt-9">
      <h3 className="font-medium text-muted text-xs">{title}</h3>
      <ul className="mt-2 grid gap-x-8 sm:grid-cols-2">
        {suggestions.map(({ label, prompt }) => (
          <li key={prompt} className="border-line border-b">
            <button
              type="button"
              title={prompt}
              onClick={() => onChoose(prompt)}
              className="group flex w-full items-baseline gap-3 py-3 text-start transition-colors hover:text-river"
            >
              <span className="flex-1">{label}</span>
              <span
                aria-hidden="true"
                className="text-muted transition-transform group-hover:translate-x-1 group-hover:text-river"
              >
                →
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
