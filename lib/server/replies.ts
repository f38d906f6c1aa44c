import 'server-only';
import { getConfig } from './config';
import { type Production, Reply, type ReplyLimits } from './reply';
import type { ReplyLog } from './reply-log';
import { type Schedule, scheduleInBackground, scheduleTimeout } from './schedule';

/** A reply is its caller's: the same name is another reply for anybody else. */
export type ReplyKey = { readonly callerId: string; readonly replyId: string };

export type RepliesLimits = ReplyLimits & {
  /** How long the log of a reply that is over is kept for a late reader. */
  readonly ttlMs: number;
  readonly maxRunningPerCaller: number;
  readonly maxRunning: number;
  /** Of all logs of replies that run together; beyond it none is begun. */
  readonly maxRunningBytes: number;
  /** Of all logs that are over together; the oldest go first. */
  readonly maxKeptBytes: number;
};

/** Why a reply is not begun. The words are codes of errors. */
export type Refusal = 'restarting' | 'too_many_replies' | 'server_busy';

/** How long a stop is remembered that came before its reply: the two may travel on different connections. */
const EARLY_STOP_MS = 60_000;
const MAX_EARLY_STOPS = 10_000;

/** The replies of this process: those that run, and those that are over and can still be read. */
export class Replies {
  readonly #limits: RepliesLimits;
  readonly #schedule: Schedule;
  readonly #scheduleExpiry: Schedule;
  readonly #running = new Map<string, Reply>();
  /** How many of them count against each account. */
  readonly #runningOf = new Map<string, number>();
  /** Oldest first. */
  readonly #over = new Map<string, { readonly reply: Reply; readonly cancelExpiry: () => void }>();
  /** Each with how to forget it, oldest first. */
  readonly #earlyStops = new Map<string, () => void>();
  #keptBytes = 0;
  #isClosed = false;
  #onEmpty = () => {};

  constructor(limits: RepliesLimits, schedule?: Schedule) {
    this.#limits = limits;
    this.#schedule = schedule ?? scheduleTimeout;
    this.#scheduleExpiry = schedule ?? scheduleInBackground;
  }

  /** How many run. */
  get size(): number {
    return this.#running.size;
  }

  /**
   * The reply of this name where there is one already, else a new one; or why there is none.
   *
   * @param account whom the reply counts against, as long as it runs
   */
  start(key: ReplyKey, account: string, produce: (log: ReplyLog) => Production): Reply | Refusal {
    const name = nameOf(key);
    const known = this.find(key);
    if (known) return known;
    if (this.#isClosed) return 'restarting';
    if (this.#running.size >= this.#limits.maxRunning || this.#isFull()) return 'server_busy';
    if (this.#countOf(account) >= this.#limits.maxRunningPerCaller) return 'too_many_replies';
    const reply = new Reply(produce, this.#limits, this.#schedule);
    this.#running.set(name, reply);
    this.#runningOf.set(account, this.#countOf(account) + 1);
    if (this.#earlyStops.has(name)) reply.end('stopped');
    this.#forgetEarlyStop(name);
    void reply.done.then(() => this.#retire(name, account, reply));
    return reply;
  }

  find(key: ReplyKey): Reply | undefined {
    const name = nameOf(key);
    return this.#running.get(name) ?? this.#over.get(name)?.reply;
  }

  /** Stops a reply, and settles when it costs nothing any more; also where it was over already. False where there is none. */
  async stop(key: ReplyKey): Promise<boolean> {
    const reply = this.find(key);
    if (!reply) return false;
    reply.end('stopped');
    await reply.done;
    return true;
  }

  /** A reply of this name that is still to come will be stopped before Claude is asked. */
  stopEarly(key: ReplyKey): void {
    const name = nameOf(key);
    this.#forgetEarlyStop(name);
    // Beyond this the oldest is forgotten: what it would have stopped ends without its reader anyway.
    const [oldest] = this.#earlyStops.keys();
    if (oldest !== undefined && this.#earlyStops.size >= MAX_EARLY_STOPS) this.#forgetEarlyStop(oldest);
    this.#earlyStops.set(
      name,
      this.#scheduleExpiry(() => this.#forgetEarlyStop(name), EARLY_STOP_MS),
    );
  }

  /** Forgets a reply that is over, so that its name can be used again. */
  forget(key: ReplyKey): void {
    this.#remove(nameOf(key));
  }

  /** Begins no reply any more. Settles when none runs. */
  close(): Promise<void> {
    this.#isClosed = true;
    // The platform accepts no connection any more: neither a reader who comes back, nor a stop.
    for (const reply of this.#running.values()) reply.waitForNobody();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#running.size === 0) resolve();
    });
  }

  /** Ends what still runs. */
  interrupt(): void {
    for (const reply of this.#running.values()) reply.end('restarting');
  }

  #isFull(): boolean {
    let bytes = 0;
    for (const { log } of this.#running.values()) bytes += log.bytes;
    return bytes > this.#limits.maxRunningBytes;
  }

  #countOf(account: string): number {
    return this.#runningOf.get(account) ?? 0;
  }

  #retire(name: string, account: string, reply: Reply): void {
    this.#running.delete(name);
    this.#runningOf.set(account, this.#countOf(account) - 1);
    if (this.#countOf(account) === 0) this.#runningOf.delete(account);
    this.#over.set(name, { reply, cancelExpiry: this.#scheduleExpiry(() => this.#remove(name), this.#limits.ttlMs) });
    this.#keptBytes += reply.log.bytes;
    for (const oldestName of this.#over.keys()) {
      if (this.#keptBytes <= this.#limits.maxKeptBytes) break;
      this.#remove(oldestName);
    }
    if (this.#isClosed && this.#running.size === 0) this.#onEmpty();
  }

  #remove(name: string): void {
    const kept = this.#over.get(name);
    if (!kept) return;
    this.#over.delete(name);
    // A timer that is still due would hold on to what it is to forget.
    kept.cancelExpiry();
    this.#keptBytes -= kept.reply.log.bytes;
  }

  #forgetEarlyStop(name: string): void {
    this.#earlyStops.get(name)?.();
    this.#earlyStops.delete(name);
  }
}

const nameOf = ({ callerId, replyId }: ReplyKey) => `${callerId}/${replyId}`;

/**
 * Those of this process. The start of the server and its routes are bundles of their own: each has its own copy of this
 * module and of every class, so this is the one object that they share, and no error passes through it.
 */
const shared = globalThis as typeof globalThis & { rivuletReplies?: Replies };

export function getReplies(): Replies {
  shared.rivuletReplies ??= new Replies(getConfig().replies);
  return shared.rivuletReplies;
}
