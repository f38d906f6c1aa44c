import { Clock, settle } from './clock.fixture';
import { CodeColouring } from './code-colouring';
import type { LineColours } from './code-colours';
import type { CodeSession } from './code-highlighter';

type Groups = readonly (readonly string[])[];

const GROUP_SIZE = 32;

/** A text as the groups of lines that a block gets; what is full and the same as before keeps its identity. */
export function toGroups(text: string, before: Groups = []): Groups {
  const lines = (text.match(/.*\n|.+$/g) ?? []).map((line) => line.replace(/\n?$/, '\n'));
  return Array.from({ length: Math.ceil(lines.length / GROUP_SIZE) }, (_, at) => {
    const group = lines.slice(at * GROUP_SIZE, (at + 1) * GROUP_SIZE);
    const known = before[at];
    return known?.length === GROUP_SIZE && known.every((line, index) => line === group[index]) ? known : group;
  });
}

/** A grammar by which the colours of a line depend on all lines before it, as they do within a comment. */
export function standInGrammar(): (lines: readonly string[]) => LineColours[] {
  let sum = 0;
  return (lines) =>
    lines.map((line) => {
      for (const character of line) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
      return [line.length - 1, sum];
    });
}

/** A block whose world is moved by hand. */
export class CodeStage {
  readonly clock = new Clock();
  /** What was asked for, session by session. */
  readonly asked: string[][] = [];
  closed = 0;
  /** Set to have the next answers fail. */
  failure: Error | null = null;
  /** What is left of each pause. */
  pauseMs = 50;
  isForced = false;
  pauses = 0;
  readonly colouring = new CodeColouring({
    open: () => this.#open(),
    schedule: this.clock.schedule,
    whenIdle: (callback) => {
      this.pauses += 1;
      return this.clock.schedule(() => callback({ timeRemaining: () => this.pauseMs, didTimeout: this.isForced }), 1);
    },
  });
  #groups: Groups = [];

  show(text: string, isStreaming: boolean): void {
    this.#groups = toGroups(text, this.#groups);
    this.colouring.update(this.#groups, isStreaming);
  }

  /** Until there is nothing left to do, but for another try after a failure. */
  async finish(): Promise<void> {
    for (let pauses = -1; pauses !== this.pauses; ) {
      pauses = this.pauses;
      await this.clock.pass(300);
    }
    await settle();
  }

  get colours(): LineColours[] {
    return this.#groups.flatMap((_, at) => this.colouring.of(at));
  }

  #open(): CodeSession {
    const lines: string[] = [];
    this.asked.push(lines);
    const grammar = standInGrammar();
    return {
      colour: async (more) => {
        if (this.failure) throw this.failure;
        lines.push(...more);
        return grammar(more);
      },
      close: () => {
        this.closed += 1;
      },
    };
  }
}
