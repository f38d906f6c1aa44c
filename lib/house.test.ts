import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const NODE = ['node:fs', 'node:fs/promises'];
const REACT = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/server'];
const NEXT = ['next', 'next/headers'];
const OUTSIDE = ['../x', '../../x', '../../lib/protocol/x', './../x', '@/lib/protocol/../server/x'];
const ROOMS = [
  'app',
  'components',
  'e2e',
  'e2e/render',
  'lib/protocol',
  'lib/chat',
  'lib/demo',
  'lib/markdown',
  'lib/browser',
  'lib/server',
];
const EVERYTHING = [
  './x',
  './deep/x',
  'zod',
  ...ROOMS.map((room) => `@/${room}/x`),
  ...OUTSIDE,
  ...REACT,
  ...NEXT,
  ...NODE,
];

/** The rule of the house, said once more: what each room may import beside its own files and ordinary packages. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'lib/protocol': [],
  'lib/chat': ['@/lib/protocol/x'],
  'lib/demo': ['@/lib/protocol/x', ...NODE],
  'lib/markdown': [],
  'lib/browser': ['@/lib/protocol/x', '@/lib/chat/x'],
  'lib/server': ['@/lib/protocol/x', '@/lib/demo/x', ...NODE],
  components: ['@/lib/protocol/x', '@/lib/chat/x', '@/lib/markdown/x', '@/lib/browser/x', ...REACT, ...NEXT],
  app: ['@/components/x', '@/lib/server/x', ...REACT, ...NEXT],
  e2e: ['@/lib/demo/x', ...NODE],
  'e2e/render': ['@/components/x', ...REACT],
};

const mayImport = (room: string, specifier: string) =>
  ['./x', './deep/x', 'zod', ...(MAY_IMPORT[room] ?? [])].includes(specifier);

/** Ways to import that must be seen like the ordinary one. */
const FORMS: Record<string, (specifier: string) => string> = {
  ordinary: (specifier) => `import x from '${specifier}';\nexport default x;\n`,
  type: (specifier) => `import type { X } from '${specifier}';\nexport type Y = X;\n`,
  export: (specifier) => `export { x } from '${specifier}';\n`,
  dynamic: (specifier) => `export const x = () => import('${specifier}');\n`,
};

type Probe = { readonly room: string; readonly specifier: string; readonly form: string };

const probes: Probe[] = [
  ...ROOMS.flatMap((room) => EVERYTHING.map((specifier) => ({ room, specifier, form: 'ordinary' }))),
  ...Object.keys(FORMS).map((form) => ({ room: 'lib/chat', specifier: '@/lib/server/x', form })),
];
const fileOf = ({ room }: Probe, at: number) => `${room}/probe-${at}.ts`;

describe('the lint', () => {
  let folder: string;
  let refused: Set<string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'house-'));
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const [at, probe] of probes.entries()) {
      const file = join(folder, fileOf(probe, at));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, FORMS[probe.form]?.(probe.specifier) ?? '');
    }
    refused = refusedBy(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(ROOMS)('lets %s import what the house allows, and nothing else', (room) => {
    const own = [...probes.entries()].filter(([, probe]) => probe.room === room && probe.form === 'ordinary');
    const allowed = own.filter(([at, probe]) => !refused.has(fileOf(probe, at))).map(([, probe]) => probe.specifier);
    expect(allowed).toEqual(EVERYTHING.filter((specifier) => mayImport(room, specifier)));
  });

  it.each(Object.keys(FORMS))('sees an import of the form “%s”', (form) => {
    const at = probes.findLastIndex((probe) => probe.form === form);
    expect(refused).toContain(`lib/chat/probe-${at}.ts`);
  });
});

type LintReport = {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: unknown } }[];
};

/** The files below a folder that import what they must not, by the rules of the folder. */
function refusedBy(folder: string): Set<string> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as LintReport;
  return new Set(
    diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => String(location.path)),
  );
}

/** The source files below a folder of the project, tests aside. */
function sourcesIn(room: string): string[] {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .map((name) => `${room}/${name}`);
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** What a file imports, in whatever form, types included. */
const importsOf = (file: string) =>
  [...read(file).matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier ?? '');

/** The file of the project that an import means; undefined where it is a package. */
function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  return specifier.startsWith('.') ? join(dirname(from), specifier) : undefined;
}

describe('the rooms without a server and without React', () => {
  const PURE = ['lib/protocol', 'lib/chat', 'lib/markdown', 'lib/browser'];
  const PACKAGES = [
    '@shikijs/engine-javascript',
    '@shikijs/langs',
    '@shikijs/primitive',
    'dexie',
    'eventsource-parser',
    'hast',
    'hast-util-sanitize',
    'mdast',
    'mdast-util-from-markdown',
    'mdast-util-gfm',
    'mdast-util-to-hast',
    'mermaid',
    'micromark-extension-gfm',
    'micromark-util-character',
    'micromark-util-combine-extensions',
    'micromark-util-types',
    'remend',
  ];
  const packageOf = (specifier: string) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const files = PURE.flatMap(sourcesIn).filter((file) => !file.includes('.fixture.'));
  const imports = files.flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })));

  it('are there to be walked', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports).toContainEqual({ file: 'lib/browser/frame-decoder.ts', specifier: 'eventsource-parser' });
  });

  it('reach no file but their own', () => {
    const known = new Set(files.map((file) => file.replace(/\.tsx?$/, '')));
    const strangers = imports.filter(({ file, specifier }) => {
      const target = resolve(file, specifier);
      return target !== undefined && !known.has(target);
    });
    expect(strangers).toEqual([]);
  });

  it('need no package but the few that are named here', () => {
    const packages = imports.filter(({ file, specifier }) => resolve(file, specifier) === undefined);
    expect(packages.filter(({ specifier }) => !PACKAGES.includes(packageOf(specifier)))).toEqual([]);
  });
});

describe('the room of the server', () => {
  it('is closed to the browser: every file begins with its marker', () => {
    const open = sourcesIn('lib/server').filter((file) => !read(file).startsWith("import 'server-only';\n"));
    expect(open).toEqual([]);
  });

  it('reads the environment in one file', () => {
    const readers = ['app', 'components', 'lib']
      .flatMap(sourcesIn)
      .filter((file) => read(file).includes('process.env'));
    expect(readers).toEqual(['lib/server/config.ts']);
  });
});
