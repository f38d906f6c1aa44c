import type { Reply, ReplyPhase } from '@/lib/chat/chat-state';
import { useNow } from './use-now';

/** After this much silence a reader wonders whether anything still happens. */
const SILENCE_MS = 10_000;

/** What is waited for: before the first word, and later when no new one comes. */
export function WaitingLine({ reply }: { readonly reply: Reply }) {
  const { phase } = reply;
  const text = describe(reply, useNow(250));
  if (!text) return null;
  return (
    <p data-uncopied="" className="text-muted text-sm tabular-nums leading-7">
      <span className={phase.name === 'waiting' ? undefined : 'shimmer'}>{text}</span>
    </p>
  );
}

function describe({ phase, connection, heardAt }: Reply, now: number): string | null {
  if (connection === 'stopping') {
    return now - heardAt < SILENCE_MS ? 'Stopping…' : 'Stopping… The server does not answer.';
  }
  if (connection === 'lost')
    return navigator.onLine ? 'Reconnecting…' : 'You are offline. The answer goes on when you are back.';
  return phase.name === 'waiting' ? describeWait(phase, now) : describeSilence(phase, now - heardAt);
}

type Waiting = Extract<ReplyPhase, { name: 'waiting' }>;

const REASONS: Readonly<Record<Waiting['reason'], string>> = {
  rate_limited: 'Claude’s rate limit is reached',
  overloaded: 'Claude is overloaded',
  upstream_unreachable: 'Claude cannot be reached',
  upstream_failed: 'Claude had a problem',
};

function describeWait({ reason, retryAt }: Waiting, now: number): string {
  const seconds = Math.round((retryAt - now) / 1000);
  return `${REASONS[reason]}. ${seconds > 0 ? `Trying again in ${seconds} s…` : 'Trying again…'}`;
}

function describeSilence(phase: ReplyPhase, silenceMs: number): string | null {
  if (silenceMs >= SILENCE_MS) return `Still waiting for Claude… ${Math.floor(silenceMs / 1000)} s`;
  return phase.name === 'sending' ? 'Asking Claude…' : null;
}
