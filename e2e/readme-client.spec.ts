import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { readAnswer } from '@/lib/demo/answers';
import { expect, test } from './fixtures';

const HEADING = '### A client in twenty lines';

test.describe.configure({ mode: 'default' });

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rivulet-client-'));
  await compile(readClient());
});

test.afterAll(() => rm(folder, { recursive: true }));

test('the client of the README prints the answer, and says why it ended', async ({ live }) => {
  const { code, stdout, stderr } = await run(live.url, 'What is Rivulet, and what makes it different?');
  expect(stdout.trimEnd()).toBe(readAnswer('rivulet'));
  expect(stderr.trim()).toBe('[end_turn]');
  expect(code).toBe(0);
});

test('it does not take an answer that was cut for a whole one', async ({ live }) => {
  const { code, stdout, stderr } = await run(live.url, 'Lose the connection in the middle of your answer.');
  expect(stdout.trimEnd()).toBe(readAnswer('drop').slice(0, 640).trimEnd());
  expect(stderr).not.toContain('[end_turn]');
  expect(code).not.toBe(0);
});

test('it is as long as its heading says', () => {
  expect(readClient().trim().split('\n').length).toBeLessThanOrEqual(20);
});

/** The one block of TypeScript below the heading. */
function readClient(): string {
  const section = readFileSync('README.md', 'utf8')
    .split(`\n${HEADING}\n`)[1]
    ?.split(/^#{1,3} /m)[0];
  const block = section?.match(/^```ts\n(.*?)^```$/ms)?.[1];
  if (!block) throw new Error(`The README has no \`\`\`ts block below "${HEADING}".`);
  return block;
}

/** Checks the types as a reader's own project does, and leaves a script that Node can run. */
async function compile(source: string): Promise<void> {
  const path = join(folder, 'client.mts');
  await writeFile(path, source);
  const flags =
    '--ignoreConfig --strict --target es2022 --module nodenext --types node --typeRoots node_modules/@types';
  const tsc = ['node_modules/typescript/bin/tsc', ...flags.split(' '), '--lib', 'es2023,dom,dom.asynciterable', path];
  await promisify(execFile)(process.execPath, tsc);
}

async function run(url: string, prompt: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(folder, 'client.mjs'), prompt], {
    env: { ...process.env, RIVULET_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
