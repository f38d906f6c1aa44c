/** Where the time of a stream goes, by function and by package. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname } from 'node:path';
import type { CDPSession } from '@playwright/test';
import type { RenderServer } from './render-bundle';

/** Short against an update, and long against what it costs to look. */
const INTERVAL_MICROSECONDS = 100;
const SHOWN = 25;

type CallFrame = {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
};

/** Where a function was written. */
type Place = { readonly name: string; readonly room: string };

/** Writes what happens meanwhile to a file that Chromium's developer tools open, and tells what cost the most. */
export async function profile(
  devtools: CDPSession,
  { path, sourceMaps }: Pick<RenderServer, 'sourceMaps'> & { readonly path: string },
  work: () => Promise<unknown>,
): Promise<string> {
  await devtools.send('Profiler.enable');
  await devtools.send('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS });
  await devtools.send('Profiler.start');
  await work();
  const { profile: recorded } = await devtools.send('Profiler.stop');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(recorded));
  const find = placeFinder(sourceMaps);
  const places = new Map(recorded.nodes.map(({ id, callFrame }) => [id, find(callFrame)]));
  const byFunction = new Map<string, number>();
  const byRoom = new Map<string, number>();
  for (const [at, id] of (recorded.samples ?? []).entries()) {
    const place = places.get(id);
    if (!place || place.name === '(idle)') continue;
    const ms = (recorded.timeDeltas?.[at] ?? 0) / 1000;
    byFunction.set(place.name, (byFunction.get(place.name) ?? 0) + ms);
    byRoom.set(place.room, (byRoom.get(place.room) ?? 0) + ms);
  }
  return `${list(byFunction)}\n  the same by package, or folder of ours\n${list(byRoom)}\n  in ${path}`;
}

function list(msOf: ReadonlyMap<string, number>): string {
  const costliest = [...msOf].sort(([, one], [, other]) => other - one).slice(0, SHOWN);
  return costliest.map(([name, ms]) => `${ms.toFixed(1).padStart(9)} ms  ${name}`).join('\n');
}

function placeFinder(sourceMaps: RenderServer['sourceMaps']): (frame: CallFrame) => Place {
  const maps = new Map(
    [...sourceMaps].map(([file, map]) => [basename(file), new SourceMap({ sourceRoot: '', ...map })]),
  );
  return ({ functionName, url, lineNumber, columnNumber }) => {
    const name = functionName || '(anonymous)';
    const entry = maps.get(basename(url))?.findEntry(lineNumber, columnNumber);
    if (!entry || !('originalSource' in entry) || !entry.originalSource) return { name, room: 'the browser' };
    const source =
      entry.originalSource
        .split('node_modules/')
        .at(-1)
        ?.replace(/^(\.\.\/)+/, '') ?? '';
    const room = /^(@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? source;
    return { name: `${name}  ${source}:${entry.originalLine + 1}`, room };
  };
}
