import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackName } from './loopback';

describe('a name of loopback', () => {
  it.each(['localhost', 'LOCALHOST', 'chat.localhost', '127.0.0.1', '127.8.9.1', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'is %s',
    (name) => expect(isLoopbackName(name)).toBe(true),
  );

  it.each([
    '',
    'localhost.example',
    'notlocalhost',
    '127.0.0.1.nip.io',
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '192.168.0.1',
    '128.0.0.1',
    '127.1',
    '0177.0.0.1',
    '2130706433',
    '[::2]',
    'localhost:3000',
  ])('is not %j', (name) => expect(isLoopbackName(name)).toBe(false));
});

describe('an address of loopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:10.0.0.1', false],
    ['localhost', false],
    ['', false],
  ])('%j: %s', (address, is) => expect(isLoopbackAddress(address)).toBe(is));
});
