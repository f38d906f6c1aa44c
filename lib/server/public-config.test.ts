import { beforeAll, describe, expect, it, vi } from 'vitest';
import { SCENARIOS } from '@/lib/demo/scenarios';
import { SETTINGS } from './config';
import { SETTINGS as PROVIDER } from './identity-provider.fixture';
import { ModelAvailability } from './model-availability';
import { describeEntrance, describeHealth, listModels, listSuggestions } from './public-config';

// The settings are read once, at the first question, so they are set before it.
beforeAll(() => {
  for (const name of Object.keys(SETTINGS.in.shape)) vi.stubEnv(name, '');
  vi.stubEnv('SYSTEM_PROMPT', 'the secret of the operator');
  vi.stubEnv('ANTHROPIC_BASE_URL', 'http://secret.internal');
  return () => vi.unstubAllEnvs();
});

describe('what the server tells about itself', () => {
  it('is its mode and version', () => {
    expect(describeHealth()).toEqual({ status: 'ok', mode: 'demo', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it('is of each model what a page needs, which one is the default, and which one finds titles', () => {
    const { models, default: chosen, titleModel } = listModels();
    expect(models.map(({ id }) => id)).toContain(chosen);
    expect(titleModel).toBe('claude-haiku-5-5');
    for (const model of models) {
      expect(Object.keys(model).toSorted()).toEqual([
        'contextTokens',
        'defaultEffort',
        'efforts',
        'id',
        'label',
        'maxOutputTokens',
        'purpose',
        'thinking',
      ]);
    }
  });

  it('is why a model cannot be used, and then another one finds titles', () => {
    const availability = new ModelAvailability({ offered: [] });
    availability.hear({
      model: 'claude-haiku-5-5',
      outcome: 'failed',
      errorCode: 'model_unavailable',
      firstTokenMs: null,
    });
    const { models, titleModel, default: chosen } = listModels(availability);
    const unavailable = models.filter((model) => model.unavailable !== undefined);
    expect(unavailable.map(({ id, unavailable: reason }) => [id, reason])).toEqual([
      ['claude-haiku-5-5', expect.stringMatching(/^[A-Z].*\.$/)],
    ]);
    expect(titleModel).toBe(chosen);
  });

  it('is in the demo every prompt that it can play', () => {
    expect(listSuggestions().map(({ prompt }) => prompt)).toEqual(SCENARIOS.map(({ prompt }) => prompt));
  });

  it('is to who has not signed in how to, and what became of the last try', () => {
    const settings = { passwords: ['one'], provider: { ...PROVIDER, issuer: 'https://id.example:8443/realms/a' } };
    const url = `${PROVIDER.publicUrl}/api/session/oidc?`;
    const provider = { host: 'id.example:8443', url: `${url}to=` };
    expect(describeEntrance(undefined, settings)).toEqual({ hasPassword: true, provider, problem: null });
    expect(describeEntrance('sign_in_failed', settings)).toMatchObject({
      problem: 'The sign-in did not work. Try again.',
    });
    expect(describeEntrance('not_invited', settings).provider?.url).toBe(`${url}another&to=`);
    expect(describeEntrance(undefined, { passwords: [], provider: null })).toMatchObject({
      hasPassword: false,
      provider: null,
    });
  });

  it.each(['internal', 'Call 0900 1234 now', ['not_invited'], '__proto__'])(
    'is no word of an address: %j',
    (problem) => {
      expect(describeEntrance(problem, { passwords: [], provider: PROVIDER }).problem).toBeNull();
    },
  );

  it('holds nothing of the settings that are secret', () => {
    expect(JSON.stringify([describeHealth(), listModels(), listSuggestions()])).not.toContain('secret');
  });
});
