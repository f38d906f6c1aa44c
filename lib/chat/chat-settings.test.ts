import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '@/lib/protocol/models';
import { settingsToSend } from './chat-settings';

const model = (id: string, rest: Partial<ModelInfo> = {}): ModelInfo => ({
  id,
  label: id,
  contextTokens: 1000,
  maxOutputTokens: 100,
  thinking: 'adaptive',
  efforts: ['low', 'high'],
  ...rest,
});
const OFFER = { models: [model('usual'), model('plain', { thinking: 'none', efforts: [] })], defaultModel: 'usual' };

describe('settingsToSend', () => {
  it('are those of the chat, and where it has none those that its person prefers', () => {
    const preferred = { model: 'plain', thinking: true, effort: 'low', system: 'Be brief.' } as const;
    expect(settingsToSend({ model: 'usual', thinking: false }, preferred, OFFER)).toEqual({
      model: 'usual',
      thinking: false,
      effort: 'low',
      system: 'Be brief.',
    });
    expect(
      settingsToSend({ model: undefined, effort: 'high', system: '' }, { model: 'usual', system: 'x' }, OFFER),
    ).toEqual({
      model: 'usual',
      effort: 'high',
    });
  });

  it('hold nothing that the model does not take', () => {
    expect(settingsToSend({ model: 'plain', thinking: true, effort: 'low' }, {}, OFFER)).toEqual({ model: 'plain' });
    expect(settingsToSend({ effort: 'max' }, {}, OFFER)).toEqual({ model: 'usual' });
  });

  it('name the default where the chosen model is not on offer any more', () => {
    expect(settingsToSend({ model: 'gone' }, { model: 'gone too' }, OFFER)).toEqual({ model: 'usual' });
    expect(settingsToSend({}, {}, { models: [], defaultModel: 'usual' })).toEqual({ model: 'usual' });
  });
});
