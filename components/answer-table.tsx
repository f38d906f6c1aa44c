import { type ReactNode, useRef } from 'react';
import { TableActions } from './table-actions';
import { useSteadyColumns } from './use-steady-columns';

/** A table in a box that scrolls by itself. */
export function AnswerTable({ children }: { readonly children?: ReactNode }) {
  const ref = useRef<HTMLTableElement>(null);
  useSteadyColumns(ref);
  return (
    <div className="table-block">
      <TableActions tableRef={ref} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <figure className="table-scroll" aria-label="Table" tabIndex={0}>
        <table ref={ref}>{children}</table>
      </figure>
    </div>
  );
}
