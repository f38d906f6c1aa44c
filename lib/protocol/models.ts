/** How hard a model works on an answer, as the Messages API names it. */
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** How a model is asked to think: it decides by itself, within a budget of tokens, or not at all. */
export type ThinkingKind = 'adaptive' | 'budget' | 'none';

/** One model on offer. Sizes are in tokens. */
export type ModelInfo = {
  readonly id: string;
  readonly label: string;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly thinking: ThinkingKind;
  readonly efforts: readonly Effort[];
};

/** The body of `GET /api/models`. */
export type ModelList = { readonly models: readonly ModelInfo[]; readonly default: string };
