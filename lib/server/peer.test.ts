import { describe, expect, it } from 'vitest';
import { findPeer } from './peer';
import { headersFrom } from './peer.fixture';

describe('the peer of a request', () => {
  it('is the address at the other end of its socket', () => {
    expect(findPeer(headersFrom('192.0.2.7'))).toBe('192.0.2.7');
  });

  it('is not what the client says it is, whether the platform tells it or not', () => {
    const forged = { 'x-rivulet-peer': '127.0.0.1' };
    expect(findPeer(headersFrom('192.0.2.7', forged))).toBe('192.0.2.7');
    expect(findPeer(new Headers(forged))).toBeNull();
    expect(findPeer(new Headers({ 'x-rivulet-peer': 'undefined 127.0.0.1' }))).toBeNull();
  });

  it('is nobody where the platform does not tell it, the socket is gone, or a proxy speaks an old HTTP', () => {
    expect(findPeer(new Headers())).toBeNull();
    expect(findPeer(headersFrom(''))).toBeNull();
    expect(findPeer(headersFrom('127.0.0.1', {}, '1.0'))).toBeNull();
  });
});
