/** What the times of a stream say, and how they are printed beside their limits. */
import type { RendererName } from './render/renderers';

/** What kept the page's one thread busy, in milliseconds. */
export type ThreadTimes = {
  /** All of its tasks: script, style, layout, paint, and whatever else comes with a frame. */
  readonly totalMs: number;
  /** The same without what the thread has waited for, on a busy machine for its processor above all. */
  readonly cpuMs: number;
  readonly scriptMs: number;
  readonly styleMs: number;
  readonly layoutMs: number;
};

export type Run = ThreadTimes & { readonly updatesMs: readonly number[] };

const FRAME_MS = 1000 / 60;

/** The first updates come to a page that has just been changed as a whole. */
const SKIPPED_UPDATES = 3;

const FIGURES = {
  total: ({ totalMs }) => totalMs,
  cpu: ({ cpuMs }) => cpuMs,
  script: ({ scriptMs }) => scriptMs,
  style: ({ styleMs }) => styleMs,
  layout: ({ layoutMs }) => layoutMs,
  p95: ({ updatesMs }) => quantile(updatesMs, 0.95),
  longest: ({ updatesMs }) => Math.max(...updatesMs),
  growth: ({ updatesMs }) => {
    const tenth = Math.max(SKIPPED_UPDATES + 1, Math.round(updatesMs.length / 10));
    return mean(updatesMs.slice(-tenth)) / mean(updatesMs.slice(SKIPPED_UPDATES, tenth));
  },
  slow: ({ updatesMs }) => updatesMs.filter((ms) => ms > FRAME_MS).length,
} satisfies Record<string, (run: Run) => number>;

export type Summary = Readonly<Record<keyof typeof FIGURES, number>>;

/** Each figure is the median over the runs, for itself. */
export function summarise(runs: readonly Run[]): Summary {
  const entries = Object.entries(FIGURES).map(([name, figure]) => [name, quantile(runs.map(figure), 0.5)]);
  return Object.fromEntries(entries) as Summary;
}

const COLUMNS: readonly (readonly [title: string, cell: (summary: Summary) => string])[] = [
  ['total', ({ total }) => total.toFixed(0)],
  ['cpu', ({ cpu }) => cpu.toFixed(0)],
  ['(script', ({ script }) => script.toFixed(0)],
  ['style', ({ style }) => style.toFixed(0)],
  ['layout)', ({ layout }) => layout.toFixed(0)],
  ['p95', ({ p95 }) => p95.toFixed(2)],
  ['longest', ({ longest }) => longest.toFixed(1)],
  ['growth', ({ growth }) => growth.toFixed(2)],
  ['> 16.7', ({ slow }) => slow.toFixed(0)],
];

const row = (name: string, cells: readonly string[]) =>
  name.padEnd(14) + cells.map((cell) => cell.padStart(9)).join('');

export const heading = row(
  '',
  COLUMNS.map(([title]) => title),
);

export const line = (name: RendererName, runs: readonly Run[]) =>
  `${row(
    `  ${name}`,
    COLUMNS.map(([, cell]) => cell(summarise(runs))),
  )}   ${runs.length === 1 ? '1 round' : `${runs.length} rounds`}`;

/** What a stream of ours may cost, most of it as a multiple of what the floor costs in the same run. */
const LIMITS: readonly (readonly [name: string, limit: number, figure: (ours: Summary, floor: Summary) => number])[] = [
  ['total × floor', 2, (ours, floor) => ours.total / floor.total],
  ['cpu × floor', 2, (ours, floor) => ours.cpu / floor.cpu],
  ['p95 × floor', 2.5, (ours, floor) => ours.p95 / floor.p95],
  ['growth', 1.5, (ours) => ours.growth],
  ['> 16.7 ms', 0, (ours) => ours.slow],
];

/** On a quiet machine the thread waits for a sixth of its time, for the most part until a frame has been taken over. */
const MAX_WAITING = 1.35;

/** Ours against the floor, with the limit beside each figure. */
export function verdict(oursRuns: readonly Run[], floorRuns: readonly Run[]): string {
  const ours = summarise(oursRuns);
  const floor = summarise(floorRuns);
  const judged = LIMITS.map(([name, limit, figure]) => {
    const value = figure(ours, floor);
    return `${name} ${value.toFixed(limit === 0 ? 0 : 2)} ${value <= limit ? '≤' : 'OVER'} ${limit}`;
  });
  const isBusy = floor.total / floor.cpu > MAX_WAITING;
  return `  ours: ${judged.join(' · ')}${isBusy ? '\n  the machine was busy: of these only cpu can be trusted' : ''}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
