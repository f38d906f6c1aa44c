import type { Root } from 'mdast';
import { referencesIn } from './definitions';
import type { Cut } from './find-cut';
import { EMPTY_ROOT, type Level } from './open-blocks';
import type { DefinitionKey } from './parse-markdown';
import { type Dependencies, NO_DEPENDENCIES, type Part } from './settled-parts';

/** The last block of the root: what is settled of it, and where it begins. */
export type OpenPart = Dependencies & {
  /** Offset in the text. */
  readonly start: number;
  /** The root, and the open containers in it. */
  readonly levels: readonly Level[];
  /** Lines that open these containers, and where the text goes on behind them. */
  readonly context: string;
  readonly restStart: number;
};

/** Where a text begins. */
export const EMPTY_PART: OpenPart = { ...NO_DEPENDENCIES, start: 0, levels: [EMPTY_ROOT], context: '', restStart: 0 };

/** The same from its beginning: nothing of it is settled. */
export function reopened({ start, levels }: OpenPart): OpenPart {
  return { ...EMPTY_PART, levels: levels.slice(0, 1), start, restStart: start };
}

/** What is open as a part of its own, with what was parsed of it last, and what is open behind it. */
export function closePart(
  { start, levels, missing, references }: OpenPart,
  end: number,
  last: Dependencies,
  proofEnd = end,
): { readonly closed: Part; readonly open: OpenPart } {
  const closed = {
    start,
    end,
    proofEnd,
    first: levels[0]?.settled.length ?? 0,
    missing: new Set([...missing, ...last.missing]),
    references: [...references, ...last.references],
  };
  return { closed, open: { ...EMPTY_PART, levels: levels.slice(0, 1), start: end, restStart: end } };
}

type ParsedRest = {
  readonly tree: Root;
  /** In the text that was parsed. */
  readonly cut: Cut;
  readonly text: string;
  readonly missing: ReadonlySet<DefinitionKey>;
  /** What is open after the cut. */
  readonly levels: readonly Level[];
};

/** What is open after a cut, and what is closed by it: the block before, where the cut is in another one. */
export function cutPart(
  open: OpenPart,
  { tree, cut, text, missing, levels }: ParsedRest,
): { readonly closed: Part | null; readonly open: OpenPart } {
  const { context, restStart } = open;
  const blockStart = text.lastIndexOf('\n', (cut.steps[0]?.start ?? cut.next ?? 0) - 1) + 1;
  const isInNext = blockStart >= context.length && blockStart > 0;
  const start = isInNext ? blockStart : context.length;
  const base = restStart - context.length;
  const before = { missing, references: referencesIn(tree, context.length, start) };
  const { closed, open: rest } = isInNext
    ? closePart(open, base + start, before, base + endOfProof(text, start))
    : { closed: null, open };
  return {
    closed,
    open: {
      ...rest,
      levels,
      context: cut.context,
      restStart: base + cut.offset,
      missing: new Set([...rest.missing, ...missing]),
      references: [...rest.references, ...referencesIn(tree, start, cut.offset)],
    },
  };
}

/** More tells nothing more of what a line begins. */
const MAX_PROOF_CHARS = 1000;

/** Two lines, as far as they have come: a table is told from the paragraph before it by its second one. */
function endOfProof(text: string, start: number): number {
  const end = text.indexOf('\n', text.indexOf('\n', start) + 1) + 1;
  return Math.min(end > start ? end : text.length, start + MAX_PROOF_CHARS);
}
