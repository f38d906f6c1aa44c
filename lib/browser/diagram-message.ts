import type { MermaidConfig } from 'mermaid';

/** What the page asks the frame to draw, first and again. */
export type DiagramOrder = { readonly text: string; readonly config: MermaidConfig };

export type DiagramProblem = 'syntax' | 'image' | 'too-large' | 'too-slow' | 'unloaded';

/** What the frame tells: that it is there, that it has all it needs, and how each order ends. */
export type DiagramNews =
  | { readonly type: 'begun' }
  | { readonly type: 'loaded' }
  | Drawn
  | { readonly type: 'failed'; readonly problem: DiagramProblem; readonly line?: number };

/** Told again when the drawing gets another height, in CSS pixels. */
export type Drawn = { readonly type: 'drawn'; readonly height: number; readonly title: string };

const PROBLEMS: readonly DiagramProblem[] = ['syntax', 'image', 'too-large', 'too-slow', 'unloaded'];
const MAX_TITLE_CHARS = 120;

/** News of a frame, or null where it is none: what runs in there is not believed. */
export function readDiagramNews(data: unknown): DiagramNews | null {
  if (typeof data !== 'object' || data === null) return null;
  const { type, height, title, problem, line } = data as Readonly<Record<string, unknown>>;
  if (type === 'begun' || type === 'loaded') return { type };
  if (
    type === 'drawn' &&
    typeof height === 'number' &&
    height >= 0 &&
    height < Number.POSITIVE_INFINITY &&
    typeof title === 'string'
  ) {
    return { type, height, title: title.slice(0, MAX_TITLE_CHARS) };
  }
  const known = PROBLEMS.find((each) => each === problem);
  if (type !== 'failed' || !known) return null;
  return { type, problem: known, ...(typeof line === 'number' && { line }) };
}
