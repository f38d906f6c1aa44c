import { useNow } from './use-now';

/** From this wait on a time of day says more than a countdown does. */
const LONG_WAIT_SECONDS = 60;

/** A sentence that says when another try is welcome; nothing where that is soon. */
export function RetryTime({ retryAt, waitSeconds }: { readonly retryAt: number; readonly waitSeconds: number }) {
  if (waitSeconds < LONG_WAIT_SECONDS) return null;
  return (
    <>
      Try again at <time dateTime={new Date(retryAt).toISOString()}>{formatTime(retryAt)}</time>.
    </>
  );
}

/** How long until then, as it passes; nothing from then on. */
export function Countdown({ until }: { readonly until: number }) {
  const seconds = Math.ceil((until - useNow(250)) / 1000);
  if (seconds <= 0) return null;
  return (
    <span aria-hidden="true" className="text-muted tabular-nums">
      in {formatWait(seconds)}
    </span>
  );
}

function formatTime(at: number): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  return time.toLocaleString(undefined, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
}

function formatWait(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
