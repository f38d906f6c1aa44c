import 'server-only';
import { ReplyLog } from './reply-log';
import { type Schedule, scheduleTimeout } from './schedule';

/** Why a reply is ended by us. The words are also codes of errors, but for the first. */
export type EndReason = 'stopped' | 'reader_left' | 'restarting' | 'reply_too_large';

/** What produces a reply: it writes to the log until it is done, or until it is told to end. */
export type Production = {
  readonly end: (reason: EndReason) => void;
  /** Settles when the log has ended and the connection to Claude is closed. Never rejects. */
  readonly done: Promise<void>;
};

export type ReplyLimits = {
  /** How long a reply runs on without a reader. Milliseconds, as all times here. */
  readonly graceMs: number;
  readonly maxBytes: number;
  readonly maxReaders: number;
};

/** What is left of a production that is done. It holds nothing of the question any more, which may be megabytes. */
const DONE: Production = { end: () => {}, done: Promise.resolve() };

/** A reader of a reply. */
export type Reader = {
  /** There is news in the log. */
  readonly onNews: () => void;
  /** Its place was taken by a newer one. It may come back. */
  readonly onDropped: () => void;
};

/**
 * A reply that is produced, and its readers. It runs on without a reader for the grace period, in which one may come back;
 * then it is ended, for nobody reads what it costs.
 */
export class Reply {
  readonly log = new ReplyLog();
  #production: Production = DONE;
  readonly #readers = new Set<Reader>();
  readonly #limits: ReplyLimits;
  readonly #schedule: Schedule;
  #cancelGrace = () => {};
  #graceMs: number;

  constructor(produce: (log: ReplyLog) => Production, limits: ReplyLimits, schedule: Schedule = scheduleTimeout) {
    this.#limits = limits;
    this.#graceMs = limits.graceMs;
    this.#schedule = schedule;
    this.log.listen(() => this.#spread());
    this.#production = produce(this.log);
    void this.done.then(() => {
      this.#production = DONE;
    });
  }

  /** Settles when the reply has ended and costs nothing any more. */
  get done(): Promise<void> {
    return this.#production.done;
  }

  end(reason: EndReason): void {
    this.#production.end(reason);
  }

  /**
   * Follows the reply until the returned function is called: from then on the reader has left. One that cannot come back,
   * because it never learnt the name of the reply, is not waited for.
   */
  follow(reader: Reader): (options?: { readonly canReturn?: boolean }) => void {
    this.#cancelGrace();
    this.#readers.add(reader);
    const [oldest] = this.#readers;
    // A reader behind a dead connection may look alive for minutes; the newest one surely is.
    if (oldest && this.#readers.size > this.#limits.maxReaders) this.#drop(oldest);
    return ({ canReturn = true } = {}) => {
      if (this.#readers.delete(reader)) this.#waitForReaders(canReturn ? this.#graceMs : 0);
    };
  }

  /** From now on nobody who has left can come back. */
  waitForNobody(): void {
    this.#graceMs = 0;
    this.#cancelGrace();
    this.#waitForReaders(0);
  }

  #drop(reader: Reader): void {
    this.#readers.delete(reader);
    reader.onDropped();
  }

  #waitForReaders(graceMs: number): void {
    // What has ended is not ended again: its connection to Claude is on its way to be used for the next question.
    if (this.#readers.size > 0 || this.log.isEnded) return;
    if (graceMs === 0) this.end('reader_left');
    else this.#cancelGrace = this.#schedule(() => this.end('reader_left'), graceMs);
  }

  #spread(): void {
    if (this.log.isEnded) this.#cancelGrace();
    else if (this.log.bytes > this.#limits.maxBytes) this.end('reply_too_large');
    for (const reader of this.#readers) reader.onNews();
  }
}
