import { BranchPager } from './branch-pager';

type DeletedTurnProps = {
  readonly id: string;
  readonly siblingIds: readonly string[];
  readonly onChoose: (messageId: string) => void;
};

/** In the place of what was deleted, where something stands behind it. */
export function DeletedTurn({ id, siblingIds, onChoose }: DeletedTurnProps) {
  return (
    <p data-uncopied="" className="flex items-center gap-3 text-muted text-sm">
      <span>Deleted. Claude is not told of it any more.</span>
      <BranchPager id={id} siblingIds={siblingIds} onChoose={onChoose} />
    </p>
  );
}
