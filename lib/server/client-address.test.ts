import { describe, expect, it } from 'vitest';
import { addressOf, isFromThisMachine } from './client-address';
import { headersFrom } from './peer.fixture';

const behind = (forwardedFor: string, peer = '10.0.0.1') => headersFrom(peer, { 'x-forwarded-for': forwardedFor });

describe('the address that limits are counted against', () => {
  it('is that of the peer where no proxy is trusted, whatever a client claims (A058)', () => {
    expect(addressOf(headersFrom('192.0.2.7'), 0)).toBe('192.0.2.7');
    expect(addressOf(behind('6.6.6.6', '192.0.2.7'), 0)).toBe('192.0.2.7');
  });

  it.each([
    ['one proxy, one hop', '192.0.2.7', 1, '192.0.2.7'],
    ['what a client put in front of it', '6.6.6.6, 192.0.2.7', 1, '192.0.2.7'],
    ['two proxies', '6.6.6.6, 192.0.2.7, 10.0.0.2', 2, '192.0.2.7'],
    ['fewer hops than proxies', '192.0.2.7', 3, '192.0.2.7'],
    ['a hop with its port', '192.0.2.7:4711', 1, '192.0.2.7'],
    ['an IPv6 hop with its port', '[2001:db8::7]:4711', 1, '2001:db8::/64'],
    ['IPv4 within IPv6', '::ffff:192.0.2.7', 1, '192.0.2.7'],
    ['no address at all', 'unknown', 1, 'unknown'],
    ['an obfuscated name', '_hidden', 1, 'unknown'],
  ])('is the rightmost that no trusted proxy has: %s', (_what, forwardedFor, trusted, address) => {
    expect(addressOf(behind(forwardedFor), trusted)).toBe(address);
  });

  it('is one for all of an IPv6 network of 64 bits (A059)', () => {
    const bucketOf = (peer: string) => addressOf(headersFrom(peer), 0);
    expect(bucketOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(bucketOf('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(bucketOf('2001:db8:1:2::1'));
    expect(bucketOf('2001:db8:1:3::1')).not.toBe(bucketOf('2001:db8:1:2::1'));
  });

  it('is one for all whose peer the platform does not tell', () => {
    expect(addressOf(new Headers({ 'x-forwarded-for': '6.6.6.6' }), 0)).toBe('unknown');
  });
});

describe('a request from this machine', () => {
  it.each([
    ['127.0.0.1', { host: 'localhost:3000' }],
    ['::1', { host: '[::1]:3000' }],
    ['::ffff:127.0.0.1', { host: '127.0.0.1' }],
    ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost' }],
  ])('comes from %s with %j', (peer, headers) => {
    expect(isFromThisMachine(headersFrom(peer, headers))).toBe(true);
  });

  it.each([
    ['another machine', '192.0.2.7', { host: 'localhost' }],
    ['a name that resolves to it', '127.0.0.1', { host: 'evil.example:3000' }],
    ['no name', '127.0.0.1', {}],
    ['a proxy that names its client', '127.0.0.1', { host: 'localhost', 'x-forwarded-for': '192.0.2.7' }],
    ['one that also names itself', '127.0.0.1', { host: 'localhost', 'x-forwarded-for': '192.0.2.7, 127.0.0.1' }],
    ['one that names its host', '127.0.0.1', { host: 'localhost', 'x-forwarded-host': 'chat.example' }],
    ['one that names itself alone', '127.0.0.1', { host: 'localhost', via: '1.1 proxy' }],
    ['one with a header of its own', '127.0.0.1', { host: 'localhost', 'x-real-ip': '192.0.2.7' }],
    ['one by the standard', '127.0.0.1', { host: 'localhost', forwarded: 'for=192.0.2.7' }],
  ])('is none with %s', (_what, peer, headers: Record<string, string>) => {
    expect(isFromThisMachine(headersFrom(peer, headers))).toBe(false);
  });

  it('is none where the platform does not tell the peer', () => {
    expect(isFromThisMachine(new Headers({ host: 'localhost', 'x-rivulet-peer': '127.0.0.1' }))).toBe(false);
  });
});
