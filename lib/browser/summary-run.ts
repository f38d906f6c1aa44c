import type { Summarize, ToSumUp } from './summarize';

/** The way of a chat into a new one: its summary is being written, or it is there, or it is not to be had. */
export type SummaryRun = { readonly chatId: string } & (
  | { readonly name: 'writing' }
  | { readonly name: 'written'; readonly draft: string }
  | { readonly name: 'failed'; readonly problem: string }
);

/** At most one summary at a time for a tab, whichever chat it shows. Made to be read with `useSyncExternalStore`. */
export type SummaryRuns = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => SummaryRun | null;
  /** Begins, unless that chat is being summed up already; another one is given up for it. Settles when it is over. Never rejects. */
  readonly start: (chatId: string, conversation: ToSumUp) => Promise<void>;
  /** Ends what is being written, and forgets what was. */
  readonly clear: () => void;
};

/** Fetched when it is wanted: most chats end long before they are full. */
const loadSummarize = async () => (await import('./summarize')).createSummarize();

export function createSummaryRuns(load: () => Promise<Summarize> = loadSummarize): SummaryRuns {
  const listeners = new Set<() => void>();
  let run: SummaryRun | null = null;
  let writing = new AbortController();

  function show(next: SummaryRun | null): void {
    run = next;
    for (const listener of listeners) listener();
  }

  function clear(): void {
    writing.abort();
    show(null);
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => run,
    start: async (chatId, conversation) => {
      if (run?.name === 'writing' && run.chatId === chatId) return;
      clear();
      const own = new AbortController();
      writing = own;
      show({ name: 'writing', chatId });
      const outcome = await load().then(
        (summarize) => summarize(conversation, own.signal),
        () => ({ problem: 'A part of this page could not be loaded.' }),
      );
      if (own.signal.aborted || !outcome) return;
      show('draft' in outcome ? { name: 'written', chatId, ...outcome } : { name: 'failed', chatId, ...outcome });
    },
    clear,
  };
}
