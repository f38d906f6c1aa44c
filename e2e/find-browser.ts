import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';

/** The specs talk to loopback only; the browser's own errands would be noise, and fail on a closed network. */
const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Each frame without an origin has a process of its own, as in a browser that people use. */
const ISOLATED = ['--site-per-process', '--enable-features=IsolateSandboxedIframes'];

/** Where a system keeps Chromium or Chrome, beside the folders of PATH. */
const PROGRAM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PROGRAM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Finds a Chromium without downloading one: `CHROMIUM_PATH`, Playwright's own, the one that comes as a package for Linux,
 * and last the system's. The packaged one has no windows, and takes half the time of a whole browser. Throws where there is
 * none, saying what to run.
 */
export async function findBrowser(): Promise<LaunchOptions> {
  const executablePath = findNamed() ?? findOwn() ?? (await findPackaged()) ?? findSystem();
  if (!executablePath) {
    throw new Error(
      'No Chromium was found. Run `npx playwright install chromium`, or set CHROMIUM_PATH to an installed one.',
    );
  }
  // Chromium's sandbox does not start as root; the pages under test are our own.
  return { executablePath, args: [...QUIET, ...ISOLATED], chromiumSandbox: false };
}

function findNamed(): string | undefined {
  const path = process.env.CHROMIUM_PATH;
  if (path && !existsSync(path)) throw new Error(`CHROMIUM_PATH names no file: ${path}`);
  return path || undefined;
}

function findOwn(): string | undefined {
  return firstExisting([chromium.executablePath()]);
}

/**
 * Unpacked to the temporary folder on first use. Its own arguments stay out: they are for a cloud function, run every
 * page in one process that ends with the first closed context, and turn web security off.
 */
async function findPackaged(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // Read when the module loads: it then brings the system libraries that a bare machine lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

function findSystem(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return firstExisting([
    ...folders.flatMap((folder) => PROGRAM_NAMES.map((name) => join(folder, name))),
    ...PROGRAM_PATHS,
  ]);
}

function firstExisting(paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}
