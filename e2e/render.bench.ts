/**
 * What streamed Markdown costs the page's one thread, against the least that any renderer has to do and against drawing the
 * whole text anew each time: figures, and no limits. `ROUNDS=3`, `DOCS=table,list` and `RENDERERS=floor,ours` make a run
 * shorter; `PROFILE=1` tells where the time of ours goes instead.
 */
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { PageErrors } from './page-errors';
import type { RendererName } from './render/renderers';
import { type RenderServer, serveRenderPage } from './render-bundle';
import { cut, DOCUMENTS, type StreamedDocument } from './render-documents';
import { heading, line, type Run, verdict } from './render-figures';
import { profile } from './render-profile';
import { RenderTab } from './render-tab';

const isProfiled = Boolean(process.env.PROFILE);
const rounds = Number(process.env.ROUNDS ?? 5);
const documents = choose(
  process.env.DOCS,
  DOCUMENTS.map(({ name }) => name),
);
const renderers = choose<RendererName>(process.env.RENDERERS, ['floor', 'naive', 'ours']);

function choose<Name extends string>(wanted: string | undefined, names: readonly Name[]): readonly Name[] {
  const unknown = wanted?.split(',').filter((name) => !names.some((known) => known === name)) ?? [];
  if (unknown.length > 0) throw new Error(`${unknown} is none of ${names}`);
  return wanted ? names.filter((name) => wanted.split(',').includes(name)) : names;
}

/** One tells how far off it is, and takes longer than all the others of a document together. */
const NAIVE_ROUNDS = 1;

/** The beginning of a document, streamed before anything is measured: code is compiled and fetched when first needed. */
const WARM_UP = { chars: 4000, updates: 40 };

type Bench = { readonly tab: RenderTab; readonly server: RenderServer };

const test = base.extend<Bench>({
  // biome-ignore lint/correctness/noEmptyPattern: the way to say that it needs no other fixture
  server: async ({}, use) => {
    const server = await serveRenderPage();
    await use(server);
    server.stop();
  },

  tab: async ({ context, server }, use) => {
    const errors = new PageErrors();
    errors.watch(context);
    await use(await RenderTab.open(context, server.url));
    expect(errors.unexpected, 'errors in the page').toEqual([]);
  },
});

test.describe.configure({ timeout: 900_000 });

test('streamed Markdown', async ({ tab, server: { sourceMaps } }, { project }) => {
  if (!isProfiled) console.log(`\nmilliseconds of the main thread, medians over the rounds\n${heading}`);
  for (const document of DOCUMENTS.filter(({ name }) => documents.includes(name))) {
    const { name, text, updates } = document;
    console.log(`${name}: ${(text.length / 1000).toFixed(1)} KB in ${updates} updates`);
    if (isProfiled) {
      await warmUp(tab, 'ours', document);
      const path = join(project.outputDir, `render-${name}.cpuprofile`);
      console.log(await profile(tab.devtools, { path, sourceMaps }, () => tab.stream('ours', cut(document))));
    } else {
      await measure(tab, document);
    }
  }
});

async function measure(tab: RenderTab, document: StreamedDocument): Promise<void> {
  const pieces = cut(document);
  const runs: Record<RendererName, Run[]> = { floor: [], naive: [], ours: [] };
  let html = '';
  for (const name of renderers) await warmUp(tab, name, document);
  for (let round = 0; round < rounds; round += 1) {
    for (const name of renderers) {
      if (name === 'naive' && round >= NAIVE_ROUNDS) continue;
      const run = await tab.stream(name, pieces);
      runs[name].push(run);
      if (name === 'ours') html = run.html;
    }
  }
  for (const name of renderers) console.log(line(name, runs[name]));
  if (runs.ours.length > 0 && runs.floor.length > 0) console.log(verdict(runs.ours, runs.floor));
  if (runs.ours.length > 0) console.log(compare(html, await tab.mount('ours', document.text)));
}

async function warmUp(tab: RenderTab, renderer: RendererName, { text }: StreamedDocument): Promise<void> {
  await tab.stream(renderer, cut({ text: text.slice(0, WARM_UP.chars), updates: WARM_UP.updates }));
}

/** Whether the stream has left what drawing the whole text leaves, and else where they part. */
function compare(streamed: string, whole: string): string {
  if (streamed === whole) return '  ours: the final document is that of the whole text';
  let from = 0;
  while (streamed[from] === whole[from]) from += 1;
  const excerpt = (text: string) => JSON.stringify(text.slice(Math.max(0, from - 60), from + 100));
  return `  ours: the final document DIFFERS from that of the whole text\n    streamed ${excerpt(streamed)}\n    whole    ${excerpt(whole)}`;
}
