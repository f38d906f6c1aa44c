import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { IconButton } from './icon-button';

type BranchPagerProps = {
  readonly id: string;
  /** Its own id among those of the turns that can be shown in its place. */
  readonly siblingIds: readonly string[];
  readonly onChoose: (id: string) => void;
};

/** Which of several wordings or answers is shown, and the way to the others. It stays where it was pressed. */
export function BranchPager({ id, siblingIds, onChoose }: BranchPagerProps) {
  const ref = useRef<HTMLFieldSetElement>(null);
  const pressedAt = useRef<number | null>(null);
  const at = siblingIds.indexOf(id);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what counts is that another turn is shown
  useLayoutEffect(() => {
    const { current: pager } = ref;
    if (!pager || pressedAt.current === null) return;
    const movedBy = pager.getBoundingClientRect().top - pressedAt.current;
    pager.closest('.view')?.scrollBy({ top: movedBy, behavior: 'instant' });
    pressedAt.current = null;
  }, [id]);

  const choose = (siblingId: string | undefined) => {
    if (siblingId === undefined) return;
    pressedAt.current = ref.current?.getBoundingClientRect().top ?? null;
    onChoose(siblingId);
  };
  if (siblingIds.length < 2) return null;
  return (
    <fieldset ref={ref} aria-label="Versions" className="when-idle flex items-center">
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
