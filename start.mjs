/** `npm start`: builds when the sources are newer than the last build, then serves. HOST and PORT say where. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation.ts',
  'next.config.mjs',
  'postcss.config.mjs',
  'package-lock.json',
  'tsconfig.json',
];
// A chat that people trust with their words reports to nobody, nor does its build.
process.env.NEXT_TELEMETRY_DISABLED ??= '1';

const next = createRequire(import.meta.url).resolve('next/dist/bin/next');

if (newestChange(SOURCES) > changedAt('.next/BUILD_ID')) {
  const build = spawnSync(process.execPath, [next, 'build'], { stdio: 'inherit' });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

// Loopback only, unless told otherwise: whoever reaches the page spends the operator's tokens.
const { HOST = '127.0.0.1', PORT = '3000' } = process.env;
process.argv.splice(2, Number.POSITIVE_INFINITY, 'start', '--hostname', HOST, '--port', PORT);
await import(next);

function newestChange(paths) {
  return Math.max(...paths.map((path) => (isFolder(path) ? newestChange(inside(path)) : changedAt(path))), 0);
}

function inside(folder) {
  return readdirSync(folder).map((name) => join(folder, name));
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Milliseconds since the epoch; 0 where there is no such file. */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
