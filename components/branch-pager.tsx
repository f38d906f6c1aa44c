import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from './icon-button';

type BranchPagerProps = {
  readonly id: string;
  /** Its own id among those of the turns that can be shown in its place. */
  readonly siblingIds: readonly string[];
  readonly onChoose: (id: string) => void;
};

/** Which of several wordings or answers is shown, and the way to the others. The view holds it where it was pressed. */
export function BranchPager({ id, siblingIds, onChoose }: BranchPagerProps) {
  const at = siblingIds.indexOf(id);
  const choose = (siblingId: string | undefined) => {
    if (siblingId !== undefined) onChoose(siblingId);
  };
  if (siblingIds.length < 2) return null;
  return (
    <fieldset data-opens="" aria-label="Versions" className="when-idle flex items-center">
      <IconButton
        label="Previous version"
        icon={ChevronLeft}
        aria-disabled={at === 0}
        onClick={() => choose(siblingIds[at - 1])}
      />
      <span className="min-w-8 text-center tabular-nums">
        {at + 1} / {siblingIds.length}
      </span>
      <IconButton
        label="Next version"
        icon={ChevronRight}
        aria-disabled={at === siblingIds.length - 1}
        onClick={() => choose(siblingIds[at + 1])}
      />
    </fieldset>
  );
}
