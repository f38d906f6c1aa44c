import type { LineColours } from './code-colours';
import type { LanguageId } from './code-language';

/** What the page tells the worker. The lines of a block come in their order, and not before those ahead are answered. */
export type CodeRequest =
  | { readonly type: 'open'; readonly blockId: number; readonly language: LanguageId }
  | { readonly type: 'lines'; readonly blockId: number; readonly lines: readonly string[] }
  | { readonly type: 'close'; readonly blockId: number };

/** The worker's answer to some lines. Null: it cannot colour them. */
export type CodeAnswer = { readonly blockId: number; readonly colours: readonly LineColours[] | null };
