import { useEffect, useState } from 'react';
import type { ReplyPhase } from '@/lib/chat/chat-state';

/** What is going on before the first word. */
export function WaitingLine({ phase }: { readonly phase: ReplyPhase }) {
  return (
    <p className="text-muted text-sm leading-7">
      {phase.name === 'waiting' ? (
        <Countdown reason={phase.reason} retryAt={phase.retryAt} />
      ) : (
        <span className="shimmer">Asking Claude…</span>
      )}
    </p>
  );
}

type Waiting = Extract<ReplyPhase, { name: 'waiting' }>;

const REASONS: Readonly<Record<Waiting['reason'], string>> = {
  rate_limited: 'Claude’s rate limit is reached',
  overloaded: 'Claude is overloaded',
  upstream_unreachable: 'Claude cannot be reached',
  upstream_failed: 'Claude had a problem',
};

function Countdown({ reason, retryAt }: Pick<Waiting, 'reason' | 'retryAt'>) {
  const seconds = useSecondsUntil(retryAt);
  return (
    <>
      {REASONS[reason]}. {seconds > 0 ? `Trying again in ${seconds} s…` : 'Trying again…'}
    </>
  );
}

function useSecondsUntil(at: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((at - now) / 1000));
}
