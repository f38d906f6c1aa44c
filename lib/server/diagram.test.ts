import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerDiagramPage, answerMermaidFile, listMermaidFiles } from './diagram';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the page for diagrams', () => {
  it('may run its own scripts and ours, and nothing else', async () => {
    const response = answerDiagramPage();
    const scripts = [...(await response.text()).matchAll(/<script type="(?:importmap|module)">(.*?)<\/script>/gs)];
    expect(scripts).toHaveLength(2);
    expect(response.headers.get('content-security-policy')?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'self' ${scripts.map(([, script = '']) => hashOf(script)).join(' ')}`,
      "style-src 'unsafe-inline'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
      'sandbox allow-scripts',
    ]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('finds Mermaid among the files that are served', async () => {
    const addresses = listMermaidFiles().map(({ version, path }) => `/diagram/${version}/${path.join('/')}`);
    const [, imported] = /"mermaid":"([^"]+)"/.exec(await answerDiagramPage().text()) ?? [];
    expect(addresses).toContain(imported);
  });
});

describe('the files of Mermaid', () => {
  const files = listMermaidFiles();

  it('are all there that they ask for', async () => {
    const known = new Set(files.map(({ path }) => path.at(-1)));
    for (const file of files) {
      const source = await answerMermaidFile(file).text();
      const asked = [...source.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path = '']) =>
        path.split('/').at(-1),
      );
      expect(asked.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('can be read by a page without an origin, and kept', () => {
    const [file] = files;
    expect(Object.fromEntries((file ? answerMermaidFile(file) : new Response()).headers)).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });
});
