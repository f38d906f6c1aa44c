import { describe, expect, it } from 'vitest';
import { findLinkTarget, isMisleading } from './link-target';

describe('a link', () => {
  it('to a footnote stays here', () => {
    expect(findLinkTarget('#answer-a-fn-1')).toEqual({ type: 'here', href: '#answer-a-fn-1' });
  });

  it.each([
    ['https://good.example/a?b#c', 'https://good.example/a?b#c', 'good.example'],
    ['http://good.example:8080', 'http://good.example:8080/', 'good.example:8080'],
    ['//evil.example/a', 'https://evil.example/a', 'evil.example'],
    ['/\\evil.example/a', 'https://evil.example/a', 'evil.example'],
    ['https://good.example@evil.example/', 'https://good.example@evil.example/', 'evil.example'],
    ['https://аpple.com', 'https://xn--pple-43d.com/', 'xn--pple-43d.com'],
  ])('to %s leads to a page, and is followed as it is told', (given, href, place) => {
    expect(findLinkTarget(given)).toEqual({ type: 'web', href, place });
  });

  it.each([
    ['mailto:a%2Bb@good.example?subject=c', 'a+b@good.example'],
    ['irc://irc.good.example/room', 'irc.good.example'],
    ['mailto:%zz', '%zz'],
  ])('to %s leads to a program', (href, place) => {
    expect(findLinkTarget(href)).toEqual({ type: 'program', href, place });
  });

  it.each([undefined, '', 'notes.md', '/picture?url=x', '../a', '?a', 'https://', 'https:notes.md'])(
    'to %s leads nowhere',
    (href) => {
      expect(findLinkTarget(href)).toBeNull();
    },
  );
});

describe('a text', () => {
  it.each([
    ['https://good.example', 'evil.example'],
    ['see https://good.example/login.', 'evil.example'],
    ['(http://good.example)', 'evil.example'],
    ['HTTPS:\\\\GOOD.EXAMPLE', 'evil.example'],
    ['https://good.example@evil.example/', 'evil.example'],
    ['https://good.example', 'good.example.evil.example'],
    ['https://good.example', 'notgood.example'],
    ['https://docs.good.example', 'good.example'],
    ['https://192.0.2.1/', '192.0.2.2'],
    ['good.com', 'evil.example'],
    ['good.com.', 'evil.example'],
    ['www.good.shop', 'evil.example'],
    ['good.shop/cart', 'evil.example'],
    ['go\u200bod.com', 'evil.example'],
    ['good。com', 'evil.example'],
    ['ｇｏｏｄ．ｃｏｍ', 'evil.example'],
    ['me@good.example', 'evil.example'],
    ['me@good.example', 'you@good.example'],
    ['mailto:me@good.example', 'me@evil.example'],
    ['good.com', 'me@evil.example'],
    ['аpple.com', 'xn--pple-43d.com'],
    ['an apple', 'xn--pple-43d.com'],
  ])('that says %j misleads where it leads to %s', (text, place) => {
    expect(isMisleading(text, place)).toBe(true);
  });

  it.each([
    ['the manual', 'good.example'],
    ['https://good.example/a?to=https://evil.example', 'good.example'],
    ['https://good.example:8080/a', 'good.example:8080'],
    ['good.com', 'docs.good.com'],
    ['www.good.com', 'good.com'],
    ['good.com', 'www.good.com'],
    ['Good.com.', 'good.com'],
    ['good.com', 'good.com.'],
    ['good.com/a/…', 'good.com'],
    ['me@good.example', 'me@good.example'],
    ['Me@Good.example', 'me@good.example'],
    ['Node.js', 'nodejs.org'],
    ['console.log()', 'good.example'],
    ['Array.prototype.at()', 'good.example'],
    ['Array.of()', 'good.example'],
    ['main.py', 'good.example'],
    ['e.g. this, i.e. that, 1.5.2', 'good.example'],
    ['and/or', 'good.example'],
    ['note: a', 'good.example'],
    ['', 'good.example'],
  ])('that says %j may lead to %s', (text, place) => {
    expect(isMisleading(text, place)).toBe(false);
  });

  it('without an end is judged at once', () => {
    for (const part of ['!', '-', 'a.', 'a@', '-.', 'https:', '！', ' !']) {
      const startedAt = performance.now();
      isMisleading(part.repeat(100_000), 'good.example');
      expect(performance.now() - startedAt).toBeLessThan(100);
    }
  });
});
