/** `npm start`: builds when the sources are newer than the last build, then serves. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.mjs',
  'postcss.config.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
// A chat that people trust with their words reports to nobody, nor does its build.
process.env.NEXT_TELEMETRY_DISABLED ??= '1';

if (newestChange(SOURCES) > changedAt('.next/BUILD_ID')) {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  const build = spawnSync(process.execPath, [next, 'build'], { stdio: 'inherit' });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

process.env.NODE_ENV ||= 'production';
await import('./serve.mjs');

/** A folder changes when a file in it comes or goes, a file when it is written. */
function newestChange(paths) {
  return Math.max(0, ...paths.map((path) => Math.max(changedAt(path), newestChange(inside(path)))));
}

function inside(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(path).map((name) => join(path, name));
}

/** Milliseconds since the epoch; 0 where there is no such file. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
