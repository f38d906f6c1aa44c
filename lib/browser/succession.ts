import type { ChatState } from '@/lib/chat/chat-state';
import type { ChatChannel, TabMessage } from './chat-channel';
import type { Schedule } from './schedule';

/** How long a tab may take to answer. One that is frozen by the browser does not. */
export const ANSWER_MS = 500;

/** How tabs agree on who writes next: who wants to asks who does. */
export type Succession = {
  /** Asks; settles with whether this tab may write. Where nobody answers it may: the last one to take the seat has it. */
  readonly ask: () => Promise<boolean>;
  /** An answer came. Gives whether it was waited for. */
  readonly hearAnswer: (tab: string, mayWrite: boolean) => boolean;
  /** Another tab asks this one. One is let write at a time; its turn lasts until it has had the time to take it. */
  readonly hearQuestion: (
    tab: string,
    told: { readonly isBusy: boolean; readonly term: number; readonly state: ChatState },
  ) => void;
  /** Whether another tab was let write a moment ago. */
  readonly isPromised: () => boolean;
  /** It has taken the seat, or this tab has. */
  readonly endPromise: () => void;
};

export function createSuccession(own: string, say: ChatChannel['say'], schedule: Schedule): Succession {
  let successor: string | null = null;
  /** Takes the answer, while this tab asks. */
  let onAnswer: ((mayWrite: boolean) => void) | null = null;

  return {
    ask: () =>
      new Promise((resolve) => {
        const cancel = schedule(() => onAnswer?.(true), ANSWER_MS);
        onAnswer = (mayWrite) => {
          cancel();
          onAnswer = null;
          resolve(mayWrite);
        };
        say({ type: 'may-i-write', tab: own });
      }),
    hearAnswer: (tab, mayWrite) => {
      // An answer that comes too late is none.
      if (tab !== own || !onAnswer) return false;
      onAnswer(mayWrite);
      return true;
    },
    hearQuestion: (tab, { isBusy, term, state }) => {
      if (isBusy || (successor ?? tab) !== tab) {
        say({ type: 'you-may-not-write', tab });
        return;
      }
      successor = tab;
      schedule(() => {
        successor = null;
      }, 2 * ANSWER_MS);
      say({ type: 'you-may-write', tab, term, state } satisfies TabMessage);
    },
    isPromised: () => successor !== null,
    endPromise: () => {
      successor = null;
    },
  };
}
