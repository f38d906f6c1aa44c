/** How hard a model works on an answer, as the Messages API names it. */
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** How a model is asked to think: it decides by itself, within a budget of tokens, or not at all. */
export type ThinkingKind = 'adaptive' | 'budget' | 'none';

/** One model on offer. Sizes are in tokens. */
export type ModelInfo = {
  readonly id: string;
  readonly label: string;
  /** What it is for, in a few words; absent where nobody has said. */
  readonly purpose?: string;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly thinking: ThinkingKind;
  readonly efforts: readonly Effort[];
  /** How hard it works where a request does not say; absent where it knows no efforts, or nobody knows. */
  readonly defaultEffort?: Effort;
  /** Why it cannot be used now, in a sentence for a person; absent where it can, as far as is known. */
  readonly unavailable?: string;
};

/** The body of `GET /api/models`. `titleModel` is the one that finds titles for chats. */
export type ModelList = {
  readonly models: readonly ModelInfo[];
  readonly default: string;
  readonly titleModel: string;
};
