import { describe, expect, it } from 'vitest';
import { answerPicture } from './picture';

const ask = (query: string) => answerPicture(new Request(`http://localhost/picture${query}`));
const show = (url: string) => ask(`?url=${encodeURIComponent(url)}`);

/** The sources from which the page may load images. */
const imagesAllowedBy = (response: Response) =>
  /img-src ([^;]*);/.exec(response.headers.get('content-security-policy') ?? '')?.[1];

describe('the page for a picture', () => {
  it('holds the picture, and may load nothing else', async () => {
    const response = await show('https://images.example/a/b.png?c=d&e=f');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<img src="https://images.example/a/b.png?c=d&#38;e=f"');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const policy = response.headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual([
      "default-src 'none'",
      'img-src https://images.example/a/b.png',
      expect.stringMatching(/^style-src 'sha256-[\w+/]{43}='$/),
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
      'sandbox',
    ]);
  });

  it.each([
    ['https://images.example/a;script-src *', 'https://images.example/a%3Bscript-src%20%2A'],
    ["https://images.example/a,b'c", 'https://images.example/a%2Cb%27c'],
    ['https://images.example:8443/ü|[x].png#y', 'https://images.example:8443/%C3%BC%7C%5Bx%5D.png'],
    ['https://bücher.example', 'https://xn--bcher-kva.example/'],
  ])('names %s in its policy so that it stays one source', async (url, source) => {
    expect(imagesAllowedBy(await show(url))).toBe(source);
  });

  it.each([`https://images.example/"><script>alert(1)</script>`, `https://images.example/?'"><b>&lt;`])(
    'holds one element for %s',
    async (url) => {
      const [, body = ''] = (await (await show(url)).text()).split('</style>');
      expect(body).toMatch(/^<img src="[^"<>']*" alt="[^"<>']*" referrerpolicy="no-referrer"><\/html>$/);
    },
  );

  it.each([
    '',
    '?url=',
    '?uri=https://images.example/a.png',
    ...[
      'http://images.example/a.png',
      'data:image/png;base64,AAAA',
      'javascript:alert(1)',
      'blob:https://images.example/1',
      'file:///etc/passwd',
      '/a.png',
      '//images.example/a.png',
      'https://',
      'https://reader:word@images.example/a.png',
      'https://[::1]/a.png',
      'https://*/a.png',
      'https://*.example/a.png',
      'https://images.example;sandbox/a.png',
      'https://images.example,b/a.png',
      "https://'self'/a.png",
      `https://images.example/${'a'.repeat(2048)}`,
      `https://images.example/${'ü'.repeat(400)}`,
    ].map((url) => `?url=${encodeURIComponent(url)}`),
  ])('is refused for %s', async (query) => {
    const response = await ask(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        code: 'invalid_request',
        message: 'The request was not understood. url must be the https address of an image.',
        requestId: expect.any(String),
      },
    });
  });
});
