import 'server-only';
import { SCENARIOS } from '@/lib/demo/scenarios';
import type { ModelInfo, ModelList } from '@/lib/protocol/models';
import type { Suggestion } from '@/lib/protocol/suggestion';
import packageJson from '@/package.json';
import { getConfig } from './config';

/** The body of `GET /api/health`. */
export function describeHealth() {
  return { status: 'ok' as const, mode: getConfig().mode, version: packageJson.version };
}

/** The body of `GET /api/models`. */
export function listModels(): ModelList {
  const { models, defaultModel } = getConfig();
  return {
    models: models.map(
      ({ id, label, contextTokens, maxOutputTokens, thinking, efforts }): ModelInfo => ({
        id,
        label,
        contextTokens,
        maxOutputTokens,
        thinking,
        efforts,
      }),
    ),
    default: defaultModel,
  };
}

/** What to offer on the empty screen: in the demo what it can answer, else a few ways to begin. */
export function listSuggestions(): readonly Suggestion[] {
  if (getConfig().mode === 'demo') return SCENARIOS.map(({ label, prompt, group }) => ({ label, prompt, group }));
  return LIVE_SUGGESTIONS;
}

const LIVE_SUGGESTIONS: readonly Suggestion[] = [
  {
    group: 'answer',
    label: 'Explain something',
    prompt: 'Explain how TCP recovers from a lost packet, first simply, then exactly.',
  },
  {
    group: 'answer',
    label: 'Think it through',
    prompt: 'Help me decide between renting and buying a home. Ask me what you need to know first.',
  },
  {
    group: 'answer',
    label: 'Write some code',
    prompt: 'Write a debounce function in TypeScript with tests, and explain its edge cases.',
  },
  {
    group: 'answer',
    label: 'Improve a text',
    prompt: 'I will paste a paragraph. Make it clearer and shorter, and tell me what you changed.',
  },
];
