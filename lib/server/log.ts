import 'server-only';
import pino from 'pino';
import type { ChatError } from '@/lib/protocol/chat-error';
import type { TerminalEvent, Usage } from '@/lib/protocol/reply-event';
import { getConfig } from './config';

/** What is known of a reply when it is over. Times are in milliseconds from the arrival of the request. */
export type ReplyRecord = {
  readonly order: {
    readonly replyId: string;
    readonly requestId: string;
    readonly call: { readonly model: { readonly id: string } };
  };
  readonly end: TerminalEvent;
  readonly failure: ChatError | undefined;
  readonly attempts: number;
  readonly firstTokenMs: number | null;
  readonly totalMs: number;
  /** As far as Claude has told it. */
  readonly usage: Usage | undefined;
  readonly upstreamRequestId: string | undefined;
  /** What was odd about an answer that is complete all the same. */
  readonly anomaly: string | undefined;
};

/** The one structured line that a reply leaves behind. */
export type ReplyLogLine = ReturnType<typeof describeReply>;

/** Puts a reply into its log line: ids, times, tokens and outcome. Never text, keys or passwords. */
export function describeReply({ order, end, failure, usage, ...measured }: ReplyRecord) {
  return {
    replyId: order.replyId,
    requestId: order.requestId,
    model: order.call.model.id,
    outcome: outcomeOf(end, measured.firstTokenMs),
    ...measured,
    upstreamRequestId: toName(measured.upstreamRequestId ?? requestIdOf(failure?.cause)),
    ...(end.type === 'reply-end' && { stopReason: end.stopReason }),
    ...usage,
    ...(failure && { errorCode: failure.code, cause: describeCause(failure.cause) }),
  };
}

/** The API names the request in the headers of its errors too. */
function requestIdOf(cause: unknown): string | undefined {
  return cause instanceof Error ? toName((cause as { requestID?: unknown }).requestID) : undefined;
}

type Outcome = 'complete' | 'stopped' | 'abandoned' | 'interrupted' | 'failed';

function outcomeOf(end: TerminalEvent, firstTokenMs: number | null): Outcome {
  if (end.type === 'reply-end') return 'complete';
  if (end.type === 'reply-stopped') return 'stopped';
  if (end.error.code === 'reader_left') return 'abandoned';
  return firstTokenMs === null ? 'failed' : 'interrupted';
}

/**
 * The name, status and code of what went wrong underneath, and which claim of an ID token. Its message stays out: it may quote
 * a body.
 */
export function describeCause(cause: unknown): string | undefined {
  if (!(cause instanceof Error))
    return typeof cause === 'string' ? cause : toName((cause as { claim?: unknown } | null)?.claim);
  const { status, code, type, error } = cause as Partial<Record<'status' | 'code' | 'type' | 'error', unknown>>;
  const inner = cause.cause === undefined ? undefined : describeCause(cause.cause);
  return [cause.name, status, ...[code, type, error].map(toName), inner && `(${inner})`].filter(Boolean).join(' ');
}

/** A name from outside as it may stand in the log; undefined for what is no name: it could say anything. */
export function toName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined;
}

let logger: pino.Logger | undefined;

/** The log of this process: JSON lines on standard output. */
export function getLogger(): pino.Logger {
  logger ??= pino({ level: getConfig().logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  return logger;
}

/** Writes the line of a reply that is over: as a warning where it failed, as an error where only the operator can help. */
export function logReply(line: ReplyLogLine): void {
  const wentWrong = line.outcome === 'failed' || line.outcome === 'interrupted';
  const level = line.errorCode === 'service_misconfigured' ? 'error' : wentWrong ? 'warn' : 'info';
  getLogger()[level](line, 'reply');
}
