import type { LineColours } from './code-colours';
import type { LanguageId } from './code-language';
import type { CodeAnswer, CodeRequest } from './code-message';
import { type Schedule, scheduleTimeout } from './schedule';

/** The colours of one block, from its first line on. */
export type CodeSession = {
  /** One call at a time. Rejects with a `StuckCodeError` where these lines are to blame, else where it may work later. */
  readonly colour: (lines: readonly string[]) => Promise<readonly LineColours[]>;
  /** What is asked for then is answered all the same. */
  readonly close: () => void;
};

/** Code that a grammar does not come to an end with. */
export class StuckCodeError extends Error {}

/** The part of a worker that is used. */
export type CodeWorker = {
  readonly postMessage: (request: CodeRequest) => void;
  readonly terminate: () => void;
};

export type StartCodeWorker = (onAnswer: (answer: CodeAnswer) => void, onFailure: () => void) => CodeWorker;

type Waiting = {
  readonly resolve: (colours: readonly LineColours[]) => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimeout: () => void;
};

type HighlighterOptions = { readonly startWorker?: StartCodeWorker; readonly schedule?: Schedule };

/** Some lines take milliseconds, a grammar over a slow line seconds. What takes longer never ends. */
const STUCK_MS = 30_000;

/**
 * Has code coloured by a worker, which is started when it is first needed. One that fails is thrown away with all its
 * blocks: a browser may remember for the life of a worker that a file could not be fetched.
 */
export class CodeHighlighter {
  readonly #options: Required<HighlighterOptions>;
  #worker: CodeWorker | null = null;
  #waiting = new Map<number, Waiting>();
  #lastBlockId = 0;

  constructor(options: HighlighterOptions = {}) {
    this.#options = { startWorker, schedule: scheduleTimeout, ...options };
  }

  open(language: LanguageId): CodeSession {
    this.#lastBlockId += 1;
    const blockId = this.#lastBlockId;
    const worker = this.#findWorker();
    worker?.postMessage({ type: 'open', blockId, language });
    return {
      colour: (lines) => this.#colour(worker, blockId, lines),
      // Who waits for an answer stays in line: the worker may be stuck in just these lines, and the next are not to blame.
      close: () => worker?.postMessage({ type: 'close', blockId }),
    };
  }

  #findWorker(): CodeWorker | null {
    try {
      this.#worker ??= this.#options.startWorker(this.#settle, () => this.#fail());
    } catch {
      // A browser without workers, or one that forbids them here: the code stays as it is.
    }
    return this.#worker;
  }

  #colour(worker: CodeWorker | null, blockId: number, lines: readonly string[]) {
    return new Promise<readonly LineColours[]>((resolve, reject) => {
      if (!worker || worker !== this.#worker) {
        reject(new Error('the worker is gone'));
        return;
      }
      const cancelTimeout = this.#options.schedule(() => {
        reject(new StuckCodeError(`no colours within ${STUCK_MS} ms`));
        this.#fail();
      }, STUCK_MS);
      this.#waiting.set(blockId, { resolve, reject, cancelTimeout });
      worker.postMessage({ type: 'lines', blockId, lines });
    });
  }

  readonly #settle = ({ blockId, colours }: CodeAnswer): void => {
    const waiting = this.#waiting.get(blockId);
    if (!waiting) return;
    if (colours) {
      this.#waiting.delete(blockId);
      waiting.cancelTimeout();
      waiting.resolve(colours);
    } else this.#fail();
  };

  #fail(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#worker?.terminate();
    this.#worker = null;
    for (const { cancelTimeout, reject } of waiting) {
      cancelTimeout();
      reject(new Error('the worker has failed'));
    }
  }
}

const startWorker: StartCodeWorker = (onAnswer, onFailure) => {
  const worker = new Worker(new URL('./code-worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<CodeAnswer>) => onAnswer(data);
  worker.onerror = onFailure;
  return worker;
};
