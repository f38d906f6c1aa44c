import { type ReactNode, useRef } from 'react';
import { useSteadyColumns } from './use-steady-columns';

/** A table in a box that scrolls by itself. */
export function AnswerTable({ children }: { readonly children?: ReactNode }) {
  const ref = useRef<HTMLElement>(null);
  useSteadyColumns(ref);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <figure ref={ref} className="table-scroll" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </figure>
  );
}
