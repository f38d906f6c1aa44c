import { LoaderCircle } from 'lucide-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { dismissedLevels } from '@/lib/browser/dismissed-levels';
import type { SummaryRun } from '@/lib/browser/summary-run';
import { contextLevel } from '@/lib/chat/context-level';
import type { ContextUse } from '@/lib/chat/cost';
import { ActionButton } from './action-button';
import { CloseButton } from './close-button';
import type { Summary } from './use-summary';

export type ContextNoticeProps = {
  readonly chatId: string;
  readonly use: ContextUse | null;
  readonly contextTokens: number;
  /** An answer is not summed up before it is there. */
  readonly isRunning: boolean;
  readonly summary: Summary;
  readonly onDismiss: () => void;
};

const getNoLevel = () => 0;

/** Says in time that a chat will be too long for Claude, and leads on: into a new chat, with a summary of this one. */
export function ContextNotice({ chatId, use, contextTokens, isRunning, summary, onDismiss }: ContextNoticeProps) {
  const getDismissed = () => dismissedLevels.levelOf(chatId);
  const dismissed = useSyncExternalStore(dismissedLevels.subscribe, getDismissed, getNoLevel);
  const { run, start, open, clear } = summary;
  const level = use && contextLevel(use.share);
  const isFull = use !== null && level !== null && level > dismissed;
  const dismiss = () => {
    if (level !== null) dismissedLevels.dismiss(chatId, level);
    onDismiss();
  };
  return (
    <section
      aria-label="Context"
      className={run || isFull ? 'mx-auto mb-2 w-full max-w-[46rem] px-2 sm:px-4' : 'sr-only'}
    >
      <div className="overflow-hidden rounded-xl border border-line bg-paper">
        {use && isFull && <Meter {...use} contextTokens={contextTokens} />}
        <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 py-1.5 ps-4 pe-1.5 text-sm sm:flex">
          <p aria-live="polite" className="min-w-0 flex-1 py-1.5">
            {run ? <RunWords run={run} /> : isFull && levelWords(level)}
          </p>
          {run && <RunButtons run={run} onStart={start} onOpen={open} onClear={clear} />}
          {!run && isFull && (
            <Buttons onClose={dismiss}>
              <ActionButton aria-disabled={isRunning} onClick={() => !isRunning && start()}>
                Continue in a new chat
              </ActionButton>
            </Buttons>
          )}
        </div>
      </div>
    </section>
  );
}

/** The same words for all of a level: a screen reader says them once. */
function levelWords(level: number): string {
  if (level >= 100) return 'This chat is as long as Claude can read. Claude may not be able to answer here.';
  return `This chat fills over ${level}% of what Claude can read at once. Once it is full, Claude cannot answer here.`;
}

type MeterProps = ContextUse & { readonly contextTokens: number };

/** How full it is, to the percent. */
function Meter({ tokens, share, contextTokens }: MeterProps) {
  const percent = Math.min(100, Math.floor(share * 100));
  const words = `${percent}%: ${count(tokens)} of ${count(contextTokens)} tokens`;
  return (
    <>
      <meter aria-label="Used" aria-valuetext={words} min={0} max={100} value={percent} className="sr-only" />
      <div aria-hidden="true" title={words} className="h-[3px] bg-line">
        <div className="h-full bg-river" style={{ width: `${percent}%` }} />
      </div>
    </>
  );
}

const count = (tokens: number) => tokens.toLocaleString('en-US');

function RunWords({ run }: { readonly run: SummaryRun }) {
  switch (run.name) {
    case 'writing':
      return (
        <span className="flex items-center gap-2">
          <LoaderCircle aria-hidden="true" className="size-4 shrink-0 text-river motion-safe:animate-spin" />
          Writing a summary…
        </span>
      );
    case 'written':
      return 'The summary of this chat is written.';
    case 'failed':
      return <span className="text-warning">The summary could not be written. {run.problem}</span>;
  }
}

type RunButtonsProps = {
  readonly run: SummaryRun;
  readonly onStart: () => void;
  readonly onOpen: () => void;
  readonly onClear: () => void;
};

function RunButtons({ run, onStart, onOpen, onClear }: RunButtonsProps) {
  if (run.name === 'writing') return <ActionButton onClick={onClear}>Cancel</ActionButton>;
  return (
    <Buttons onClose={onClear}>
      {run.name === 'failed' && <ActionButton onClick={onStart}>Try again</ActionButton>}
      <ActionButton onClick={onOpen}>
        {run.name === 'failed' ? 'Open a new chat without it' : 'Open a new chat with it'}
      </ActionButton>
    </Buttons>
  );
}

type ButtonsProps = { readonly children: ReactNode; readonly onClose: () => void };

/** Below the words where there is no room beside them; what closes stays in its corner. */
function Buttons({ children, onClose }: ButtonsProps) {
  return (
    <>
      <div className="col-span-2 row-start-2 flex flex-wrap gap-2 pb-1 sm:pb-0">{children}</div>
      <div className="col-start-2 row-start-1 self-start sm:self-center">
        <CloseButton label="Dismiss" onClick={onClose} />
      </div>
    </>
  );
}
