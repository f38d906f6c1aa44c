import 'server-only';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of Mermaid's own build for browsers, in pieces of which each kind of diagram needs a few. */
export type MermaidFile = { readonly version: string; readonly path: string[] };

const MERMAID = join(process.cwd(), 'node_modules/mermaid');
const ENTRY = 'mermaid.esm.min.mjs';
const CHUNKS = ['chunks', 'mermaid.esm.min'];

const STYLE = [
  ':root{color-scheme:light dark;font:16px/1.5 ui-sans-serif,system-ui,sans-serif}',
  'html,body{height:100%;margin:0;overflow:hidden}',
  '#drawing{box-sizing:border-box;height:100%;overflow:auto;padding:16px;outline-offset:-2px}',
  '#drawing>svg{display:block;margin:auto}',
].join('');

/**
 * The page in which diagrams are drawn, in a frame of ours. Its policy gives it an origin of its own that no other page has:
 * it reaches neither our pages nor what they keep, and it can load nothing but these scripts of ours. The same for everybody,
 * so it is written when the application is built.
 */
export function answerDiagramPage(): Response {
  const script = readFileSync(join(process.cwd(), 'lib/browser/diagram-frame.mjs'), 'utf8');
  const imports = JSON.stringify({ imports: { mermaid: `/diagram/${readVersion()}/${ENTRY}` } });
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Diagram</title><style>${STYLE}</style>` +
      `<script type="importmap">${imports}</script><script type="module">${script}</script><div id="drawing" role="group" tabindex="0"></div></html>`,
    {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': policyFor([imports, script]),
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-cache',
      },
    },
  );
}

/** `sandbox` holds where the page is opened without our frame, too. Mermaid brings the style of a drawing along in it. */
function policyFor(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts',
  ].join('; ');
}

/** What `answerMermaidFile` knows. */
export function listMermaidFiles(): readonly MermaidFile[] {
  const version = readVersion();
  const chunks = readdirSync(join(MERMAID, 'dist', ...CHUNKS)).filter((name) => name.endsWith('.mjs'));
  return [[ENTRY], ...chunks.map((name) => [...CHUNKS, name])].map((path) => ({ version, path }));
}

/** One of the files above, with its version in its address. A page without an origin may read it, as anybody may. */
export function answerMermaidFile({ path }: MermaidFile): Response {
  return new Response(readFileSync(join(MERMAID, 'dist', ...path)), {
    headers: {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Access-Control-Allow-Origin': '*',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'public, max-age=31536000, immutable',
    },
  });
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(MERMAID, 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}
