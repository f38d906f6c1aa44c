/** What can be done with a turn. */
export type TurnActions = {
  /** Asks for another answer to the question; from another model, where one is named. */
  readonly onRegenerate: (questionId: string, modelId?: string) => void;
  readonly onEdit: (questionId: string) => void;
  readonly onChoose: (messageId: string) => void;
  readonly onFork: (messageId: string) => void;
  /** `isByKey`: the keyboard goes on with the way back. */
  readonly onDelete: (messageId: string, isByKey: boolean) => void;
  readonly onSend: (text: string) => void;
  /** Sums the chat up, and goes on with that in a new one. */
  readonly onContinueInNewChat: () => void;
};
