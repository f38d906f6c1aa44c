import 'server-only';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Usage } from '@/lib/protocol/reply-event';

/** A stream of the Messages API as it went over the wire. Only tests read recordings. */
export type Recording = { readonly name: string; readonly bytes: Uint8Array };

/** What the connection does after the last byte. */
export type Ending = 'closes' | 'breaks' | 'goes silent';

/** What becomes of a reply. `end` is the stop reason of a complete one, else the code of what went wrong. */
export type Outcome = {
  readonly thinking: string;
  readonly text: string;
  readonly end: string;
  readonly usage: Usage | undefined;
  readonly anomaly: string | undefined;
};

type Counts = Readonly<Record<string, unknown>> & {
  readonly output_tokens_details?: { readonly thinking_tokens: number };
};
type Piece = { readonly type?: string; readonly text?: string; readonly thinking?: string };

/** Of a recorded event what an answer is made of. */
type Recorded = {
  readonly type: string;
  readonly message?: {
    readonly id: string;
    readonly stop_reason?: string | null;
    readonly usage?: Counts;
    readonly content?: readonly Piece[];
  };
  readonly content_block?: Piece;
  readonly delta?: Piece & { readonly stop_reason?: string | null };
  readonly usage?: Counts;
};

type Frame = { readonly endsAt: number; readonly event: Recorded };

/** Every recorded stream in a folder; of those with the same bytes, one. */
export function readRecordings(folder: string): readonly Recording[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sse'));
  const all = names.sort().map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  return all.filter(({ bytes }, at) => all.findIndex((other) => other.bytes.equals(bytes)) === at);
}

/** Where each event of a recording ends: behind its blank line. */
export function frameEndsOf(recording: Recording): readonly number[] {
  return framesOf(recording).map(({ endsAt }) => endsAt);
}

/**
 * Reads a recording plainly, all of it at once and by other means than the server does. The function that it gives
 * tells what has to become of a reply that gets so many bytes of it and then this ending.
 */
export function readRecording(recording: Recording): (byteCount: number, ending: Ending) => Outcome {
  const frames = framesOf(recording);
  const known = new Map<string, Outcome>();
  return (byteCount, ending) => {
    const arrived = frames.filter(({ endsAt }) => endsAt <= byteCount).map(({ event }) => event);
    const key = `${ending} after ${byteCount === 0 ? 'nothing' : arrived.length}`;
    const outcome = known.get(key) ?? outcomeOf(arrived, { byteCount, ending });
    known.set(key, outcome);
    return outcome;
  };
}

function framesOf(recording: Recording): readonly Frame[] {
  const bytes = Buffer.from(recording.bytes);
  const frames: Frame[] = [];
  for (let at = 0, end = bytes.indexOf('\n\n'); end >= 0; at = end + 2, end = bytes.indexOf('\n\n', at)) {
    const [, data = ''] = /^data: (.*)$/m.exec(bytes.toString('utf8', at, end)) ?? [];
    frames.push({ endsAt: end + 2, event: JSON.parse(data) as Recorded });
  }
  return frames;
}

type Cut = { readonly byteCount: number; readonly ending: Ending };

function outcomeOf(arrived: readonly Recorded[], cut: Cut): Outcome {
  const first = arrived.find(({ message }) => message);
  const isLast = ({ type, message }: Recorded) =>
    type === 'message_stop' || type === 'error' || (message && message.id !== first?.message?.id);
  const last = arrived.find(isLast);
  const beforeLast = last ? arrived.slice(0, arrived.indexOf(last)) : arrived;
  const events = beforeLast.filter((event) => !event.message || event === first);
  const pieces = events.flatMap((event) => [...(event.message?.content ?? []), event.content_block, event.delta]);
  const reasons = events.map(({ message, delta }) => delta?.stop_reason ?? message?.stop_reason);
  const stopReason = reasons.findLast((reason) => typeof reason === 'string');
  const end = endOf(events, last, stopReason, cut);
  const isComplete = end === stopReason;
  return {
    thinking: joined(pieces, 'thinking'),
    text: joined(pieces, 'text'),
    end,
    usage: isComplete ? usageOf(events) : undefined,
    anomaly: isComplete && !last ? 'no_message_stop' : undefined,
  };
}

function endOf(
  events: readonly Recorded[],
  last: Recorded | undefined,
  stopReason: string | undefined,
  { byteCount, ending }: Cut,
): string {
  if (last?.type === 'error') return 'overloaded';
  if (last?.type === 'message_start') return 'upstream_unreadable';
  if (stopReason !== undefined) return stopReason;
  if (last || ending === 'breaks') return 'upstream_cut';
  if (ending === 'goes silent') return byteCount === 0 ? 'first_byte_timeout' : 'stalled';
  return events.every(({ type }) => type === 'ping') ? 'upstream_unreadable' : 'upstream_cut';
}

/** Half a character is shown when its other half has come, or never. */
function joined(pieces: readonly (Piece | undefined)[], kind: 'text' | 'thinking'): string {
  const own = pieces.filter((piece) => piece?.type === kind || piece?.type === `${kind}_delta`);
  return own
    .map((piece) => piece?.[kind])
    .join('')
    .replace(/\p{Surrogate}/gu, '');
}

/** Counts are cumulative: the newest of each kind is the one that holds. */
function usageOf(events: readonly Recorded[]): Usage {
  const told = events
    .flatMap((event) => [event.message?.usage, event.usage])
    .flatMap((counts) => Object.entries(counts ?? {}))
    .filter(([, count]) => count !== null);
  const counts = Object.fromEntries(told) as Counts;
  const count = (name: string) => (counts[name] as number | undefined) ?? 0;
  const details = counts.output_tokens_details;
  return {
    inputTokens: count('input_tokens'),
    outputTokens: count('output_tokens'),
    cacheReadTokens: count('cache_read_input_tokens'),
    cacheWriteTokens: count('cache_creation_input_tokens'),
    ...(details && { thinkingTokens: details.thinking_tokens }),
  };
}
