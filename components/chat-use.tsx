import type { AssistantMessage, Message } from '@/lib/chat/chat-state';
import { contextUse, costOf, formatCost, totalCost } from '@/lib/chat/cost';
import type { ModelInfo } from '@/lib/protocol/models';
import type { Usage } from '@/lib/protocol/reply-event';
import { SettingsSection } from './setting';

type ChatUseProps = {
  /** Every turn of the chat, also those that are not shown. */
  readonly messages: readonly Message[];
  readonly shown: readonly Message[];
  readonly model: ModelInfo | undefined;
  readonly isSimulated: boolean;
};

const count = (tokens: number) => tokens.toLocaleString('en-US');

/** What all answers of a chat have taken together, and how much of the model’s context its next one takes. */
export function ChatUse({ messages, shown, model, isSimulated }: ChatUseProps) {
  const answers = messages.filter(hasUsage);
  if (answers.length === 0) return null;
  const sum = (tokensOf: (usage: Usage) => number) => answers.reduce((all, { end }) => all + tokensOf(end.usage), 0);
  const cost = totalCost(answers.map(({ end, model: id }) => (id === undefined ? null : costOf(end.usage, id))));
  const context = model && contextUse(shown, model.contextTokens);
  const facts = [
    ['Answers', count(answers.length)],
    ['Tokens in', count(sum(promptTokens))],
    ['of these from cache', count(sum(({ cacheReadTokens }) => cacheReadTokens))],
    ['Tokens out', count(sum(({ outputTokens }) => outputTokens))],
    ['of these thinking', count(sum(({ thinkingTokens = 0 }) => thinkingTokens))],
    !isSimulated && ['Cost', `${cost.isWhole ? '' : 'at least '}${formatCost(cost.usd)}`],
    context && ['Context', `${percent.format(context.share)} of ${count(model.contextTokens)} tokens`],
  ];
  return (
    <SettingsSection title="Use so far">
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5 text-sm tabular-nums">
        {facts.map((fact) => fact && <Fact key={fact[0]} name={fact[0] ?? ''} value={fact[1] ?? ''} />)}
      </dl>
      {context && (
        <div aria-hidden="true" className="h-1 overflow-hidden rounded-full bg-line">
          <div className="h-full bg-river" style={{ width: `${Math.min(1, context.share) * 100}%` }} />
        </div>
      )}
    </SettingsSection>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="text-end">{value}</dd>
    </>
  );
}

const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumSignificantDigits: 2 });

const promptTokens = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage) =>
  inputTokens + cacheReadTokens + cacheWriteTokens;

type Measured = AssistantMessage & { readonly end: { readonly usage: Usage } };

/** A reply that was stopped has one where the server knew it. */
function hasUsage(message: Message): message is Measured {
  return message.role === 'assistant' && 'usage' in message.end && message.end.usage !== undefined;
}
