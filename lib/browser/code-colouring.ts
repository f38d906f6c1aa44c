import type { LineColours } from './code-colours';
import { type CodeSession, StuckCodeError } from './code-highlighter';
import { type WhenIdle, whenIdle } from './idle';
import { type Schedule, scheduleTimeout } from './schedule';

type Groups = readonly (readonly string[])[];

type ColouringOptions = {
  readonly open: () => CodeSession;
  readonly whenIdle?: WhenIdle;
  readonly schedule?: Schedule;
};

/** Longer lines are data or minified, and a grammar can take seconds for one. */
const MAX_LINE_LENGTH = 1000;

/** Nobody reads on so far, and each coloured line is some ten elements. */
const MAX_LINES = 5000;

/** What it takes to draw the lines of one group. With less left of a pause it waits for the next. */
const DRAW_MS = 5;

/** Between lines that come in one by one: those of one frame cost little more than one, a frame for each costs a paint. */
const PACE_MS = 250;

/** The wait after a failure; each further one is four times as long, so that the last try comes after eleven minutes. */
const RETRY_MS = 2000;
const MAX_FAILURES = 6;

type Place = { readonly group: number; readonly line: number };

const START = { group: 0, line: 0, total: 0 };

const NONE: readonly LineColours[] = [];

/**
 * The colours of a block of code that may grow. Each line is coloured once, when it is complete, a group at a time; what is
 * coloured keeps its identity. A text that is changed rather than added to is gone through again from its beginning.
 */
export class CodeColouring {
  readonly #options: Required<ColouringOptions>;
  readonly #listeners = new Set<() => void>();
  /** By group; each has those of its first lines. */
  #colours: (readonly LineColours[])[] = [];
  #groups: Groups = [];
  #isStreaming = false;
  #session: CodeSession | null = null;
  /** The next line to be given away: its group, its place there and in the whole. */
  #next = START;
  #failures = 0;
  /** Between asking for colours, or failing to get them, and going on to the next lines. */
  #isBusy = false;
  /** Calls off a wait for a pause, or for another try. */
  #cancelWait: (() => void) | null = null;

  constructor(options: ColouringOptions) {
    this.#options = { whenIdle, schedule: scheduleTimeout, ...options };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The colours of the first lines of a group: the same array until there are more. */
  of(group: number): readonly LineColours[] {
    return this.#colours[group] ?? NONE;
  }

  /** The text as it is now. While it may grow, its last line stays without colours. */
  update(groups: Groups, isStreaming: boolean): void {
    const changed = this.#findChange(groups);
    this.#groups = groups;
    this.#isStreaming = isStreaming;
    if (changed) this.#forgetFrom(changed);
    this.#goOn();
  }

  /** Until the next update nothing is done any more. The colours stay. */
  close(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
    this.#session?.close();
    this.#session = null;
    this.#isBusy = false;
    this.#next = START;
  }
  #goOn(): void {
    if (this.#isBusy || this.#failures >= MAX_FAILURES) return;
    const lines = this.#takeLines();
    if (lines.length === 0) return;
    this.#isBusy = true;
    this.#session ??= this.#options.open();
    const session = this.#session;
    const { group, line, total } = this.#next;
    this.#next = { group, line: line + lines.length, total: total + lines.length };
    // A long line counts as empty: what follows is coloured as if it were not there.
    session.colour(lines.map((text) => (text.length > MAX_LINE_LENGTH ? '\n' : text))).then(
      (colours) => session === this.#session && this.#receive({ group, line }, colours),
      (error) => session === this.#session && this.#tryLater(error),
    );
  }

  /** The lines of one group that are complete and not given away yet. */
  #takeLines(): readonly string[] {
    for (;;) {
      const { group, line, total } = this.#next;
      const lines = this.#groups[group] ?? [];
      const isLast = group >= this.#groups.length - 1;
      const end = lines.length - (isLast && this.#isStreaming ? 1 : 0);
      const taken = lines.slice(line, Math.max(line, Math.min(end, line + MAX_LINES - total)));
      if (taken.length > 0 || isLast) return taken;
      this.#next = { group: group + 1, line: 0, total };
    }
  }

  #receive(place: Place, colours: readonly LineColours[]): void {
    const known = this.of(place.group);
    const fresh = colours.slice(known.length - place.line);
    if (fresh.length > 0) this.#draw(place.group, [...known, ...fresh]);
    else this.#finish();
  }

  #draw(group: number, colours: readonly LineColours[]): void {
    this.#cancelWait = this.#options.whenIdle((pause) => {
      if (!pause.didTimeout && pause.timeRemaining() < DRAW_MS) this.#draw(group, colours);
      else {
        this.#colours[group] = colours;
        this.#tell();
        this.#pace();
      }
    });
  }

  /** At once where whole groups wait for their colours, also while more arrive. */
  #pace(): void {
    const waiting = this.#groups.length - 1 - this.#next.group;
    if (waiting > (this.#isStreaming ? 1 : 0)) this.#finish();
    else this.#cancelWait = this.#options.schedule(() => this.#finish(), PACE_MS);
  }

  #finish(): void {
    this.#cancelWait = null;
    this.#isBusy = false;
    this.#goOn();
  }

  #tryLater(error: unknown): void {
    this.#session?.close();
    this.#session = null;
    this.#next = START;
    this.#failures = error instanceof StuckCodeError ? MAX_FAILURES : this.#failures + 1;
    this.#cancelWait = this.#options.schedule(() => this.#finish(), RETRY_MS * 4 ** (this.#failures - 1));
  }

  /** The first line that is coloured, or about to be, and is another now. */
  #findChange(groups: Groups): Place | undefined {
    for (let group = 0; group < Math.max(this.#next.group + 1, this.#colours.length); group += 1) {
      const before = this.#groups[group];
      const now = groups[group];
      if (now === before) continue;
      const given = group < this.#next.group ? (before?.length ?? 0) : this.#next.group === group ? this.#next.line : 0;
      const end = Math.max(given, this.of(group).length);
      for (let line = 0; line < end; line += 1) if (now?.[line] !== before?.[line]) return { group, line };
    }
    return undefined;
  }

  #forgetFrom({ group, line }: Place): void {
    this.close();
    const kept = this.of(group).slice(0, line);
    this.#colours = this.#colours.slice(0, group);
    if (kept.length > 0) this.#colours[group] = kept;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
