import { afterEach, describe, expect, it, vi } from 'vitest';
import { headersFrom } from './peer.fixture';
import { giveSettings } from './settings.fixture';

const KEY = { ANTHROPIC_API_KEY: 'sk-ant-test', ALLOW_PUBLIC: '' };
const LOCAL = headersFrom('127.0.0.1', { host: 'localhost:3000' });
const REMOTE = headersFrom('192.0.2.7', { host: 'chat.example' });

let takeBack = () => {};
afterEach(() => takeBack());

/** The doors of a server with these settings alone. */
async function serve(env: Record<string, string>) {
  takeBack = giveSettings(env);
  vi.resetModules();
  return import('./admission');
}

describe('a server with a key and nothing else', () => {
  it('serves the machine that it runs on, and nobody else', async () => {
    const { findRefusal, isClosed } = await serve(KEY);
    expect(await findRefusal(LOCAL)).toBeNull();
    expect(await findRefusal(REMOTE)).toBe('access_closed');
    expect(isClosed(REMOTE)).toBe(true);
    expect(isClosed(LOCAL)).toBe(false);
  });

  it('is closed on a platform that does not tell whom it serves', async () => {
    const { findRefusal } = await serve({ ...KEY, VERCEL: '1' });
    expect(await findRefusal(new Headers({ host: 'localhost' }))).toBe('access_closed');
  });
});

describe('a server with a password', () => {
  it.each([
    ['a key', { ...KEY, ACCESS_PASSWORD: 'hunter2' }],
    ['no key', { ACCESS_PASSWORD: 'hunter2', ALLOW_PUBLIC: '' }],
    ['a leave for all that nobody has taken back', { ...KEY, ACCESS_PASSWORD: 'hunter2', ALLOW_PUBLIC: '1' }],
  ])('and %s serves nobody without a session, its own machine neither', async (_what, env) => {
    const { findRefusal, isClosed } = await serve(env);
    expect(await findRefusal(LOCAL)).toBe('not_signed_in');
    expect(await findRefusal(REMOTE)).toBe('not_signed_in');
    expect(isClosed(REMOTE)).toBe(false);
  });
});

describe('a server that is open', () => {
  it.each([
    ['without a key, for Claude is simulated', { ALLOW_PUBLIC: '' }],
    ['with a key, because its operator says so', { ...KEY, ALLOW_PUBLIC: '1' }],
  ])('serves everybody: %s', async (_what, env) => {
    const { findRefusal } = await serve(env);
    expect(await findRefusal(REMOTE)).toBeNull();
  });
});
