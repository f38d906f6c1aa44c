import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, SETTINGS } from './config';

const ISSUER = 'https://id.example';
const PROVIDER = { OIDC_ISSUER: ISSUER, OIDC_CLIENT_ID: 'rivulet', PUBLIC_URL: 'https://chat.example' };

/** The sentence with which a start with these settings fails. */
function problemsOf(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  return expect.fail('the settings were accepted');
}

describe('parseConfig', () => {
  it('simulates Claude by the defaults when nothing is set', () => {
    expect(parseConfig({})).toMatchObject({
      mode: 'demo',
      claude: { apiKey: undefined, authToken: undefined, baseUrl: undefined },
      defaultModel: 'claude-sonnet-5-5',
      titleModel: 'claude-haiku-5-5',
      systemPrompt: undefined,
      maxOutputTokens: 8192,
      limits: { firstByteMs: 60_000, stallMs: 30_000, outputMs: 300_000, replyMs: 900_000 },
      replies: { graceMs: 30_000, ttlMs: 600_000, maxRunningPerCaller: 4, maxRunning: 2000, maxReaders: 16 },
      access: 'open',
      passwords: [],
      provider: null,
      sessionSecret: undefined,
      trustedProxies: 0,
      quota: { perMinute: 20, perMinuteTotal: 600, tokensPerDay: undefined, tokensPerDayTotal: undefined },
      drainMs: 25_000,
      logLevel: 'info',
    });
  });

  it.each(['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'])('is live when %s is set', (name) => {
    expect(parseConfig({ [name]: 'secret' }).mode).toBe('live');
  });

  it('takes an empty variable for none', () => {
    const empty = Object.fromEntries(Object.keys(SETTINGS.in.shape).map((name) => [name, ' ']));
    expect(parseConfig(empty)).toEqual(parseConfig({}));
  });

  it('converts numbers, and seconds to milliseconds', () => {
    const config = parseConfig({
      MAX_OUTPUT_TOKENS: '4096',
      FIRST_BYTE_TIMEOUT_SECONDS: '5',
      STALL_TIMEOUT_SECONDS: '0.5',
      OUTPUT_TIMEOUT_SECONDS: '20',
      MAX_REPLY_SECONDS: '100',
      DRAIN_SECONDS: '7.5',
      REPLY_GRACE_SECONDS: '0.5',
      REPLY_TTL_SECONDS: '60',
      MAX_CONCURRENT_REPLIES: '2',
      MAX_CONCURRENT_REPLIES_TOTAL: '5',
    });
    expect(config.maxOutputTokens).toBe(4096);
    expect(config.limits).toEqual({ firstByteMs: 5000, stallMs: 500, outputMs: 20_000, replyMs: 100_000 });
    expect(config.drainMs).toBe(7500);
    expect(config.replies).toMatchObject({ graceMs: 500, ttlMs: 60_000, maxRunningPerCaller: 2, maxRunning: 5 });
  });

  it.each([
    ['a key and a token', { ANTHROPIC_API_KEY: 'one', ANTHROPIC_AUTH_TOKEN: 'two' }, 'set one of the two'],
    ['a placeholder for a key', { ANTHROPIC_API_KEY: 'sk-ant-…' }, 'placeholder'],
    ['a version in the address', { ANTHROPIC_BASE_URL: 'http://localhost:1/v1/' }, '/v1'],
    ['a password in the address', { ANTHROPIC_BASE_URL: 'http://me:pass@localhost:1' }, 'password'],
    ['a number with a unit', { MAX_OUTPUT_TOKENS: '8k' }, 'must be a number'],
    ['a wait of more than a day', { STALL_TIMEOUT_SECONDS: '86401' }, 'at most 86400'],
    ['no time for a reply', { MAX_DURATION_SECONDS: '0' }, 'more than 0'],
    ['a time to drain that is over before it begins', { DRAIN_SECONDS: '-1' }, 'not be less than 0'],
    ['a secret that can be guessed', { SESSION_SECRET: 'x'.repeat(31) }, 'at least 32 characters'],
    ['no reply at a time', { MAX_CONCURRENT_REPLIES: '0' }, 'more than 0'],
    ['half a reply at a time', { MAX_CONCURRENT_REPLIES_TOTAL: '0.5' }, 'whole number'],
    ['an empty password between two', { ACCESS_PASSWORD: 'one,,two' }, 'empty password'],
    ['a password that is never compared', { ACCESS_PASSWORD: 'x'.repeat(1001) }, 'more than 1000 characters'],
    ['a leave that is neither', { ALLOW_PUBLIC: 'maybe' }, 'must be 1 or 0'],
    ['half a proxy', { TRUST_PROXY: '0.5' }, 'whole number'],
    ['a key on an address that others reach', { ANTHROPIC_API_KEY: 'key', HOST: '0.0.0.0' }, 'set ACCESS_PASSWORD'],
    ['a password on Vercel without a secret', { ACCESS_PASSWORD: 'one', VERCEL: '1' }, 'on every instance'],
    ['an issuer without encryption', { ...PROVIDER, OIDC_ISSUER: 'http://id.example' }, 'https address'],
    ['an issuer that is none', { ...PROVIDER, OIDC_ISSUER: 'id.example' }, 'https address'],
    [
      'the metadata of an issuer',
      { ...PROVIDER, OIDC_ISSUER: `${ISSUER}/.well-known/openid-configuration` },
      'without',
    ],
    ['an issuer that does not know us', { ...PROVIDER, OIDC_CLIENT_ID: '' }, 'OIDC_CLIENT_ID: must be set'],
    ['an issuer that leads back to nowhere', { ...PROVIDER, PUBLIC_URL: '' }, 'PUBLIC_URL: must be set'],
    ['an address of ours with a path', { ...PROVIDER, PUBLIC_URL: 'https://chat.example/chat' }, 'no path'],
    ['a list of guests and no issuer', { OIDC_ALLOWED_EMAILS: '@members.example' }, 'OIDC_ISSUER: must be set'],
    ['a guest who has no address', { ...PROVIDER, OIDC_ALLOWED_EMAILS: '@members.example, ada' }, 'neither an address'],
    ['an issuer on Vercel without a secret', { ...PROVIDER, VERCEL: '1' }, 'on every instance'],
    ['a list that is no JSON', { MODELS: '[oops' }, 'no JSON'],
    ['one model twice', { MODELS: 'a, b, a' }, 'twice'],
  ])('says what is wrong with %s', (_what, env, words) => {
    expect(problemsOf(env)).toContain(words);
  });

  it.each([
    ['this machine, with a key and nothing else', { ANTHROPIC_API_KEY: 'key' }, 'local'],
    ['this machine, with a key on another address of it', { ANTHROPIC_AUTH_TOKEN: 'key', HOST: '127.0.0.2' }, 'local'],
    ['everybody, without a key', { HOST: '0.0.0.0' }, 'open'],
    ['everybody, where the operator says so', { ANTHROPIC_API_KEY: 'key', ALLOW_PUBLIC: '1', HOST: '0.0.0.0' }, 'open'],
    ['this machine, where the operator says no', { ANTHROPIC_API_KEY: 'key', ALLOW_PUBLIC: '0' }, 'local'],
    ['members, with a password', { ANTHROPIC_API_KEY: 'key', ACCESS_PASSWORD: 'one', HOST: '0.0.0.0' }, 'members'],
    ['members, with a password and no key', { ACCESS_PASSWORD: 'one' }, 'members'],
    ['members, with an identity provider', { ...PROVIDER, ANTHROPIC_API_KEY: 'key', HOST: '0.0.0.0' }, 'members'],
    ['members, with both', { ...PROVIDER, ACCESS_PASSWORD: 'one', ALLOW_PUBLIC: '1' }, 'members'],
  ])('answers %s', (_what, env: Record<string, string>, access) => {
    expect(parseConfig(env).access).toBe(access);
  });

  it('reads several passwords, and no space around them', () => {
    expect(parseConfig({ ACCESS_PASSWORD: ' one, two words ,three\n' }).passwords).toEqual([
      'one',
      'two words',
      'three',
    ]);
  });

  it('takes a key as it comes from a file, with a newline at its end', () => {
    expect(parseConfig({ ANTHROPIC_API_KEY: 'key\n' }).claude.apiKey).toBe('key');
  });

  it('names every problem at once', () => {
    const problems = problemsOf({
      ANTHROPIC_BASE_URL: 'ftp://example.com',
      DEFAULT_MODEL: 'a-model-of-nobody',
      MAX_OUTPUT_TOKENS: 'many',
      FIRST_BYTE_TIMEOUT_SECONDS: '0',
      STALL_TIMEOUT_SECONDS: '-1',
      OUTPUT_TIMEOUT_SECONDS: 'long',
      MAX_REPLY_SECONDS: '86401',
      MAX_DURATION_SECONDS: '86401',
      DRAIN_SECONDS: '86401',
      REPLY_GRACE_SECONDS: '-1',
      REPLY_TTL_SECONDS: 'long',
      MAX_CONCURRENT_REPLIES: '0',
      MAX_CONCURRENT_REPLIES_TOTAL: '1.5',
      SESSION_SECRET: 'short',
      LOG_LEVEL: 'loud',
      TITLE_MODEL: 'a-model-of-nobody',
    });
    const names = problems.split('\n').map((line) => line.match(/^ {2}([A-Z_]+): ./)?.[1]);
    expect(names.filter(Boolean).toSorted()).toEqual([
      'ANTHROPIC_BASE_URL',
      'DEFAULT_MODEL',
      'DRAIN_SECONDS',
      'FIRST_BYTE_TIMEOUT_SECONDS',
      'LOG_LEVEL',
      'MAX_CONCURRENT_REPLIES',
      'MAX_CONCURRENT_REPLIES_TOTAL',
      'MAX_DURATION_SECONDS',
      'MAX_OUTPUT_TOKENS',
      'MAX_REPLY_SECONDS',
      'OUTPUT_TIMEOUT_SECONDS',
      'REPLY_GRACE_SECONDS',
      'REPLY_TTL_SECONDS',
      'SESSION_SECRET',
      'STALL_TIMEOUT_SECONDS',
      'TITLE_MODEL',
    ]);
  });

  it('repeats no value in a problem, for it may be a secret', () => {
    const value = 'sk-ant-secret';
    const names = Object.keys(SETTINGS.in.shape).filter((name) => !/KEY|TOKEN$|PROMPT|^MODELS/.test(name));
    expect(problemsOf(Object.fromEntries(names.map((name) => [name, value])))).not.toContain(value);
  });
});

describe('the identity provider', () => {
  it('is told with all that belongs to it', () => {
    const { provider } = parseConfig({
      ...PROVIDER,
      OIDC_CLIENT_SECRET: 'secret\n',
      OIDC_ALLOWED_EMAILS: ' ada@elsewhere.example,@members.example ',
      PUBLIC_URL: 'https://Chat.example/',
    });
    expect(provider).toEqual({
      issuer: ISSUER,
      clientId: 'rivulet',
      clientSecret: 'secret',
      invited: ['ada@elsewhere.example', '@members.example'],
      publicUrl: 'https://chat.example',
    });
  });

  it('may be on this machine without encryption, have no secret and let in all whom it knows', () => {
    const local = { ...PROVIDER, OIDC_ISSUER: 'http://localhost:8080/realms/a', PUBLIC_URL: 'http://127.0.0.1:3000' };
    expect(parseConfig(local).provider).toMatchObject({ clientSecret: undefined, invited: null });
  });

  it.each([
    'https://accounts.google.com',
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/Organizations/v2.0',
    'https://login.microsoftonline.com/consumers/v2.0',
    'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
    'https://appleid.apple.com',
    'https://gitlab.com',
  ])('where everybody has an account is told whom to let in: %s', (OIDC_ISSUER) => {
    expect(problemsOf({ ...PROVIDER, OIDC_ISSUER })).toMatch(/OIDC_ALLOWED_EMAILS: must be set/);
    const { provider } = parseConfig({ ...PROVIDER, OIDC_ISSUER, OIDC_ALLOWED_EMAILS: '@members.example' });
    expect(provider?.invited).toEqual(['@members.example']);
  });

  it('of one company needs no list', () => {
    const OIDC_ISSUER = 'https://login.microsoftonline.com/5f1cd8ba-0e83-4c5a-b4f8-9d7b3e2a6c11/v2.0';
    expect(parseConfig({ ...PROVIDER, OIDC_ISSUER }).access).toBe('members');
  });
});

describe('the time of a whole reply', () => {
  const replySeconds = (env: Record<string, string>) => parseConfig(env).limits.replyMs / 1000;

  it.each([
    ['is what the operator allows', {}, 900],
    ['ends 10 seconds before the platform would cut it (S-max)', { MAX_DURATION_SECONDS: '60' }, 50],
    ['is half of that where it is very short', { MAX_DURATION_SECONDS: '12' }, 6],
    ['is not longer for a platform that is more patient', { MAX_DURATION_SECONDS: '3000' }, 900],
    ['is the shorter one of the two', { MAX_DURATION_SECONDS: '300', MAX_REPLY_SECONDS: '100' }, 100],
    ['is that of Vercel’s functions on Vercel', { VERCEL: '1' }, 290],
    ['is another one on Vercel where the operator says so', { VERCEL: '1', MAX_DURATION_SECONDS: '800' }, 790],
  ])('%s: %j', (_how, env, seconds) => {
    expect(replySeconds(env)).toBe(seconds);
  });

  it.each(['chat', 'chat/[replyId]'])('is on Vercel what the route that streams it declares: %s', (route) => {
    const source = readFileSync(new URL(`../../app/api/${route}/route.ts`, import.meta.url), 'utf8');
    const declared = /^export const maxDuration = (\d+);$/m.exec(source)?.[1] ?? expect.fail('declares no maxDuration');
    expect(replySeconds({ VERCEL: '1' })).toBe(replySeconds({ MAX_DURATION_SECONDS: declared }));
  });
});

describe('the grace period', () => {
  it.each([
    ['is none on Vercel, where a reader who comes back reaches another instance', { VERCEL: '1' }, 0],
    ['is another one on Vercel where the operator says so', { VERCEL: '1', REPLY_GRACE_SECONDS: '5' }, 5000],
    ['may be none', { REPLY_GRACE_SECONDS: '0' }, 0],
  ])('%s: %j', (_how, env, graceMs) => {
    expect(parseConfig(env).replies.graceMs).toBe(graceMs);
  });
});

describe('the time to drain', () => {
  it('may be none', () => {
    expect(parseConfig({ DRAIN_SECONDS: '0' }).drainMs).toBe(0);
  });
});

describe('the models on offer', () => {
  const offered = (MODELS: string) => parseConfig({ MODELS }).models;

  it('are those of a list of ids, the first one being the default', () => {
    const config = parseConfig({ MODELS: ' claude-opus-5-5, ,a-local-model,' });
    expect(config.models.map(({ id, thinking }) => [id, thinking])).toEqual([
      ['claude-opus-5-5', 'adaptive'],
      ['a-local-model', 'none'],
    ]);
    expect(config.defaultModel).toBe('claude-opus-5-5');
  });

  it('are those of a JSON list, where what is left out comes from the model', () => {
    const MODELS = JSON.stringify([
      { id: 'a-local-model', label: 'Local', contextTokens: 8192, thinking: 'budget', efforts: ['low'] },
      { id: 'claude-haiku-5-5', maxOutputTokens: 1000 },
    ]);
    expect(offered(MODELS)).toMatchObject([
      { id: 'a-local-model', label: 'Local', contextTokens: 8192, thinking: 'budget', efforts: ['low'] },
      { id: 'claude-haiku-5-5', label: 'Claude Haiku 5.5', maxOutputTokens: 1000, thinking: 'adaptive' },
    ]);
  });

  it.each([
    ',',
    ' , ,',
    '[]',
    '[{"id":""}]',
    '[{"label":"no id"}]',
    '[{"id":"a","size":1}]',
    '["an-id"]',
    '[{"id":"a"}',
  ])('are a problem of MODELS when it is %s', (MODELS) => {
    expect(problemsOf({ MODELS })).toMatch(/^ {2}MODELS: ./m);
  });

  it('may have another default, if it is one of them', () => {
    expect(parseConfig({ MODELS: 'one,two', DEFAULT_MODEL: 'two' }).defaultModel).toBe('two');
    expect(problemsOf({ MODELS: 'one,two', DEFAULT_MODEL: 'claude-sonnet-5-5' })).toMatch(/DEFAULT_MODEL: .*MODELS/);
  });

  it.each([
    ['the small one, where it is on offer', { MODELS: 'one,claude-haiku-5-5' }, 'claude-haiku-5-5'],
    ['the default, where it is not', { MODELS: 'one,two', DEFAULT_MODEL: 'two' }, 'two'],
    ['another one, where the operator says so', { MODELS: 'one,two,claude-haiku-5-5', TITLE_MODEL: 'two' }, 'two'],
  ])('have one that finds titles: %s', (_which, env, titleModel) => {
    expect(parseConfig(env).titleModel).toBe(titleModel);
  });

  it('are where the one that finds titles comes from', () => {
    expect(problemsOf({ MODELS: 'one', TITLE_MODEL: 'two' })).toMatch(/TITLE_MODEL: .*MODELS/);
  });

  it('are not said to lack the default when they could not be read', () => {
    expect(problemsOf({ MODELS: '[oops', DEFAULT_MODEL: 'mine' })).not.toContain('DEFAULT_MODEL');
  });
});

/** The settings in the rows of a Markdown table between the headings; a row may name several. */
function settingsInTable(readme: string): string[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith('Configure')) ?? '';
  const firstCells = [...section.matchAll(/^\|([^|]*)\|/gm)].map(([, cell]) => cell ?? '');
  return firstCells.flatMap((cell) => [...cell.matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name]) => name ?? ''));
}

describe('the table of settings in the README', () => {
  it('is read between its headings, one or more names to a row', () => {
    const readme =
      '## Run\n| `NO` |\n## Configure\n| name | default |\n|--|--|\n| `A`, `B_2` | `C` |\n## How\n| `NO` |';
    expect(settingsInTable(readme)).toEqual(['A', 'B_2']);
  });

  it('lists the settings that exist, each once', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(settingsInTable(readme).toSorted()).toEqual(Object.keys(SETTINGS.in.shape).toSorted());
  });
});
