/** The page of the render bench: our own component, as it is built for production, without the application around it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = 'e2e/render/index.html';

export type RenderServer = {
  readonly url: string;
  /** By the name of the script. */
  readonly sourceMaps: ReadonlyMap<string, Rolldown.SourceMap>;
  readonly stop: () => void;
};

/** Builds the page and serves it. */
export async function serveRenderPage(): Promise<RenderServer> {
  const output = await bundle();
  const files = new Map(output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]));
  const sourceMaps = new Map(output.flatMap((file) => ('map' in file && file.map ? [[file.fileName, file.map]] : [])));
  const server = createServer(({ url = '/' }, response) => {
    const name = url === '/' ? PAGE : url.slice(1);
    const body = files.get(name);
    if (body === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', ...ISOLATED });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, sourceMaps, stop: () => server.close() };
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** A page on its own has a clock of 5 µs; any other one gets 100 µs, which is half of a short update. */
const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

async function bundle(): Promise<Rolldown.RolldownOutput['output']> {
  const { output } = (await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias: { '@': ROOT } },
    plugins: [reactCompiler],
    build: {
      write: false,
      sourcemap: 'hidden',
      minify: false,
      target: 'es2022',
      rolldownOptions: { input: PAGE, output: { minify: { compress: true, mangle: false, codegen: true } } },
    },
  })) as Rolldown.RolldownOutput;
  return output;
}

type Babel = {
  readonly transformAsync: (
    code: string,
    options: object,
  ) => Promise<{ code: string; map: Rolldown.ExistingRawSourceMap }>;
};

/** Our components are compiled by React's compiler in the product; Next runs it in a Babel of its own. */
const reactCompiler: Plugin = {
  name: 'react-compiler',
  enforce: 'pre',
  async transform(code, id) {
    if (!id.startsWith(`${ROOT}components/`) || !/\.tsx?$/.test(id)) return null;
    const { transformAsync } = createRequire(import.meta.url)('next/dist/compiled/babel/core') as Babel;
    const { code: compiled, map } = await transformAsync(code, {
      filename: id,
      configFile: false,
      babelrc: false,
      sourceMaps: true,
      plugins: ['babel-plugin-react-compiler'],
      parserOpts: { plugins: ['typescript', ...(id.endsWith('x') ? ['jsx'] : [])] },
    });
    return { code: compiled, map };
  },
};
