import { beforeAll, describe, expect, it, vi } from 'vitest';
import { SCENARIOS } from '@/lib/demo/scenarios';
import { SETTINGS } from './config';
import { describeHealth, listModels, listSuggestions } from './public-config';

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

  it('is of each model what a page needs, and which one is the default', () => {
    const { models, default: chosen } = listModels();
    expect(models.map(({ id }) => id)).toContain(chosen);
    for (const model of models) {
      expect(Object.keys(model).toSorted()).toEqual([
        'contextTokens',
        'efforts',
        'id',
        'label',
        'maxOutputTokens',
        'thinking',
      ]);
    }
  });

  it('is in the demo every prompt that it can play', () => {
    expect(listSuggestions().map(({ prompt }) => prompt)).toEqual(SCENARIOS.map(({ prompt }) => prompt));
  });

  it('holds nothing of the settings that are secret', () => {
    expect(JSON.stringify([describeHealth(), listModels(), listSuggestions()])).not.toContain('secret');
  });
});
