import { type DiagramNews, type DiagramOrder, type DiagramProblem, readDiagramNews } from './diagram-message';
import { type Schedule, scheduleTimeout } from './schedule';

/** How an order ended. */
export type DiagramEnd = Exclude<DiagramNews, { readonly type: 'begun' | 'loaded' }>;

type SessionOptions = {
  readonly tell: (end: DiagramEnd) => void;
  readonly schedule?: Schedule;
};

/** The frame's page is small, and as far away as any of ours. */
const BEGIN_MS = 10_000;
/** Some hundred kB, on a slow line. */
const LOAD_MS = 30_000;
/** A drawing of the largest size that is allowed takes about two seconds on a slow machine. */
const DRAW_MS = 10_000;

/**
 * The talk with a frame that draws one diagram, from when the frame is put on the page. Every wait in it has a limit; what it
 * ends with is told, again whenever the drawing changes.
 */
export class DiagramSession {
  readonly #tell: (end: DiagramEnd) => void;
  readonly #schedule: Schedule;
  #port: MessagePort | null = null;
  #cancelLimit: () => void;

  constructor({ tell, schedule = scheduleTimeout }: SessionOptions) {
    this.#tell = tell;
    this.#schedule = schedule;
    this.#cancelLimit = schedule(() => this.#fail('unloaded'), BEGIN_MS);
  }

  /** The frame's page is there; it gets the other end of this port. */
  connect(port: MessagePort, order: DiagramOrder): void {
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => {
      const news = readDiagramNews(data);
      if (news) this.#receive(news);
    };
    port.postMessage(order);
  }

  /** Draws again. Nothing happens before `connect`. */
  draw(order: DiagramOrder): void {
    if (!this.#port) return;
    this.#port.postMessage(order);
    this.#limit('unloaded', LOAD_MS);
  }

  /** Ends it; nothing is told any more. */
  close(): void {
    this.#cancelLimit();
    this.#port?.close();
    this.#port = null;
  }

  #receive(news: DiagramNews): void {
    if (news.type === 'begun') this.#limit('unloaded', LOAD_MS);
    else if (news.type === 'loaded') this.#limit('too-slow', DRAW_MS);
    else {
      this.#cancelLimit();
      this.#tell(news);
    }
  }

  #limit(problem: DiagramProblem, delayMs: number): void {
    this.#cancelLimit();
    this.#cancelLimit = this.#schedule(() => this.#fail(problem), delayMs);
  }

  #fail(problem: DiagramProblem): void {
    this.close();
    this.#tell({ type: 'failed', problem });
  }
}
