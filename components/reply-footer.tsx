import { RefreshCw } from 'lucide-react';
import { useContext } from 'react';
import type { AssistantMessage } from '@/lib/chat/chat-state';
import { canRetry } from '@/lib/chat/notice';
import { BranchPager } from './branch-pager';
import { CopyButton } from './copy-button';
import { IconButton } from './icon-button';
import { Measured } from './measured';
import { MoreMenu } from './more-menu';
import { Offer } from './offer';
import type { TurnActions } from './turn-actions';

type ReplyFooterProps = {
  readonly message: AssistantMessage;
  readonly siblingIds: readonly string[];
  readonly text: string;
  readonly actions: TurnActions;
  /** What is drawn of the text. */
  readonly readHtml: () => string | undefined;
};

/** Under a finished reply: what it took, a way to take it along, and the ways to another one. */
export function ReplyFooter({ message, siblingIds, text, actions, readHtml }: ReplyFooterProps) {
  const { id, end, parentId, model } = message;
  const { onRegenerate, onFork, onDelete } = actions;
  const { models } = useContext(Offer);
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
      {end.status === 'complete' && <Measured modelId={model} usage={end.usage} timing={end.timing} />}
    </footer>
  );
}
