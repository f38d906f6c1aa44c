import { describe, expect, it } from 'vitest';
import { describePage, type PageCircumstances } from './page-headers';

const describeIn = (circumstances: Partial<PageCircumstances> = {}) =>
  describePage({ nonce: 'bm9uY2U=', isEncrypted: false, isDevelopment: false, ...circumstances });

const directivesIn = (circumstances: Partial<PageCircumstances> = {}) =>
  describeIn(circumstances)['Content-Security-Policy']?.split('; ') ?? [];

describe('the headers of a page', () => {
  it('let it load and run what is ours alone, and let nobody frame it', () => {
    expect(directivesIn()).toEqual([
      "default-src 'none'",
      "script-src 'self' 'nonce-bm9uY2U='",
      expect.stringMatching(/^style-src 'self' 'sha256-[\w+/]{43}='$/),
      "style-src-attr 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "frame-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]);
    expect(describeIn()).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
  });

  it('allow the development server what it works with, and nothing more', () => {
    const usual = directivesIn();
    expect(directivesIn({ isDevelopment: true }).filter((directive) => !usual.includes(directive))).toEqual([
      "script-src 'self' 'nonce-bm9uY2U=' 'unsafe-eval'",
      "style-src 'self' 'unsafe-inline'",
      "connect-src 'self' ws:",
    ]);
  });

  it('ask for TLS from then on where the page came over it, and nowhere else', () => {
    expect(describeIn()).not.toHaveProperty('Strict-Transport-Security');
    expect(describeIn({ isEncrypted: true })['Strict-Transport-Security']).toBe('max-age=31536000');
  });

  it('leave the clipboard to those who copy', () => {
    const permissions = describeIn()['Permissions-Policy'];
    expect(permissions).toMatch(/^[a-z-]+=\(\)(?:, [a-z-]+=\(\))*$/);
    expect(permissions).not.toContain('clipboard-write');
  });
});
