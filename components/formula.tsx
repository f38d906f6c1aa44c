import { useDeferredValue, useEffect, useSyncExternalStore } from 'react';
import type { drawTex } from './draw-tex';
import { Lazy } from './lazy';

type FormulaProps = {
  readonly tex: string;
  /** On lines of its own, in a box that scrolls; otherwise within a line of text. May stand in a paragraph either way. */
  readonly isDisplay: boolean;
  /** Whether its end has not come yet: until then it is source. */
  readonly isOpen?: boolean;
};

const drawer = new Lazy<typeof drawTex>(async () => (await import('./draw-tex')).drawTex);

/** A formula; its source until KaTeX has been fetched, and where KaTeX cannot draw it. */
export function Formula({ tex, isDisplay, isOpen = false }: FormulaProps) {
  useEffect(() => {
    void drawer.want();
  }, []);
  const loaded = useSyncExternalStore(drawer.subscribe, drawer.getSnapshot, () => null);
  // Deferred: when it arrives, the formulas of a long answer are drawn in slices instead of all in one.
  const draw = useDeferredValue(loaded);
  return <DrawnFormula tex={tex} isDisplay={isDisplay} draw={isOpen ? null : draw} />;
}

/** Nothing is drawn, and nothing is wrong. */
const SOURCE = { html: undefined, problem: undefined };

type DrawnFormulaProps = Pick<FormulaProps, 'tex' | 'isDisplay'> & { readonly draw: typeof drawTex | null };

export function DrawnFormula({ tex, isDisplay, draw }: DrawnFormulaProps) {
  const { html, problem } = draw?.(tex, isDisplay) ?? SOURCE;
  const formula = html ? (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX's own HTML, without trust; the TeX is escaped in it
    <span className="math" dangerouslySetInnerHTML={{ __html: html }} />
  ) : (
    <code title={problem}>{tex}</code>
  );
  if (!isDisplay) return formula;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <span tabIndex={0} className="math-display">
      {formula}
    </span>
  );
}
