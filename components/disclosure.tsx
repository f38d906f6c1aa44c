import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';

type DisclosureProps = {
  readonly label: string;
  readonly isBusy?: boolean;
  /** Until it is opened or folded by hand; when this changes it holds again. */
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
};

/** Something that is folded away until the reader wants it. */
export function Disclosure({ label, isBusy = false, isOpenAtFirst = false, children }: DisclosureProps) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  // The elements stay: they are what a reader's place is known by.
  const [wasOpenAtFirst, setWasOpenAtFirst] = useState(isOpenAtFirst);
  if (wasOpenAtFirst !== isOpenAtFirst) {
    setWasOpenAtFirst(isOpenAtFirst);
    setIsOpen(isOpenAtFirst);
  }
  const id = useId();
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="-ms-1.5 flex items-center gap-1 rounded-md px-1.5 py-0.5 text-muted text-sm transition-colors hover:text-ink"
      >
        <ChevronRight
          aria-hidden="true"
          className={`size-4 transition-transform ${isOpen ? 'rotate-90' : ''}`}
          strokeWidth={1.75}
        />
        <span className={isBusy ? 'shimmer' : ''}>{label}</span>
      </button>
      <div id={id} hidden={!isOpen} className="mt-2 ms-5">
        {children}
      </div>
    </div>
  );
}
