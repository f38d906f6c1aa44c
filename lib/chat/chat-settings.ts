import type { Effort } from '@/lib/protocol/models';

/** What the answers of a chat are asked for with. What is not named is left to the server. */
export type ChatSettings = {
  readonly model?: string | undefined;
  readonly thinking?: boolean | undefined;
  readonly effort?: Effort | undefined;
  /** What Claude is told before the conversation. */
  readonly system?: string | undefined;
};
