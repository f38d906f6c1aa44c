import { RefreshCw } from 'lucide-react';
import type { AssistantMessage } from '@/lib/chat/chat-state';
import { canRetry } from '@/lib/chat/notice';
import type { ModelInfo } from '@/lib/protocol/models';
import type { Timing, Usage } from '@/lib/protocol/reply-event';
import { BranchPager } from './branch-pager';
import { CopyButton } from './copy-button';
import { IconButton } from './icon-button';
import { MoreMenu } from './more-menu';
import type { TurnActions } from './turn-actions';

type ReplyFooterProps = {
  readonly message: AssistantMessage;
  readonly siblingIds: readonly string[];
  readonly text: string;
  readonly models: readonly ModelInfo[];
  readonly actions: TurnActions;
  /** What is drawn of the text. */
  readonly readHtml: () => string | undefined;
};

/** Under a finished reply: what it took, a way to take it along, and the ways to another one. */
export function ReplyFooter({ message, siblingIds, text, models, actions, readHtml }: ReplyFooterProps) {
  const { id, end, parentId, model } = message;
  const { onRegenerate, onFork, onDelete } = actions;
  const isShown = text !== '' || end.status === 'complete';
  if (!isShown && siblingIds.length < 2) return null;
  const regenerate = (modelId?: string) => {
    if (parentId !== null) onRegenerate(parentId, modelId);
  };
  return (
    <footer data-uncopied="" className="mt-2 flex flex-wrap items-center gap-x-2 ps-5 text-muted text-xs">
      <BranchPager id={id} siblingIds={siblingIds} onChoose={actions.onChoose} />
      {text && <CopyButton read={() => ({ text, html: readHtml() })} label="Copy message" />}
      {isShown && (
        <div className="when-idle -ms-1 flex">
          {!canRetry(message) && <IconButton label="Regenerate" icon={RefreshCw} onClick={() => regenerate()} />}
          <MoreMenu
            label="More about this answer"
            items={[
              ...models.map(({ id: modelId, label }, index) => ({
                label,
                group: index === 0 ? 'Regenerate with' : undefined,
                onChoose: () => regenerate(modelId),
              })),
              { label: 'Fork from here', group: 'This answer', onChoose: () => onFork(id) },
              { label: 'Delete', onChoose: (isByKey: boolean) => onDelete(id, isByKey) },
            ]}
          />
        </div>
      )}
      {end.status === 'complete' && (
        <Measured
          model={models.find((each) => each.id === model)?.label ?? model}
          usage={end.usage}
          timing={end.timing}
        />
      )}
    </footer>
  );
}

type MeasuredProps = { readonly model: string | undefined; readonly usage: Usage; readonly timing: Timing };

function Measured({ model, usage, timing }: MeasuredProps) {
  const facts = [
    model,
    timing.firstTokenMs !== null && `first token ${seconds(timing.firstTokenMs)}`,
    `total ${seconds(timing.totalMs)}`,
    `${count(usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens)} tokens in`,
    `${count(usage.outputTokens)} out`,
    usage.cacheReadTokens > 0 && `${count(usage.cacheReadTokens)} from cache`,
  ];
  return (
    <ul className="flex flex-wrap gap-x-3 tabular-nums" aria-label="Measured">
      {facts.filter(Boolean).map((fact) => (
        <li key={String(fact)}>{fact}</li>
      ))}
    </ul>
  );
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const count = (tokens: number) => tokens.toLocaleString('en-US');
