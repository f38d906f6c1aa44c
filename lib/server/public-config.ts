import 'server-only';
import { SCENARIOS } from '@/lib/demo/scenarios';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import type { ModelInfo, ModelList } from '@/lib/protocol/models';
import type { Suggestion } from '@/lib/protocol/suggestion';
import packageJson from '@/package.json';
import { type Config, getConfig } from './config';
import { getAvailability } from './model-availability';
import type { Model } from './models';

/** The body of `GET /api/health`. */
export function describeHealth() {
  return { status: 'ok' as const, mode: getConfig().mode, version: packageJson.version };
}

/** Whether whoever sees the page has signed in. */
export function canSignOut(): boolean {
  return getConfig().access === 'members';
}

/** Problems of a sign-in that a page is asked to tell. It tells no other words that stand in its address. */
const SIGN_IN_PROBLEMS = ['sign_in_failed', 'not_invited'] as const satisfies readonly ErrorCode[];

/** What a page is told that asks people to sign in. */
export function describeEntrance(
  problem: unknown,
  { passwords, provider }: Pick<Config, 'passwords' | 'provider'> = getConfig(),
) {
  // Otherwise the provider would give the same account again, without a question.
  const choice = problem === 'not_invited' ? 'another&' : '';
  const known = SIGN_IN_PROBLEMS.find((code) => code === problem);
  return {
    hasPassword: passwords.length > 0,
    // From the public address: its cookies are there when the provider leads back.
    provider: provider && {
      host: new URL(provider.issuer).host,
      url: `${provider.publicUrl}/api/session/oidc?${choice}to=`,
    },
    problem: known ? new ChatError(known).message : null,
  };
}

/**
 * The body of `GET /api/models`, and what a page is told with it: at once, with what is known by now of which models can be
 * used. The next one knows more.
 */
export function listModels(availability = getAvailability()): ModelList {
  const { models, defaultModel, titleModel } = getConfig();
  void availability.refresh();
  const canFindTitles = availability.reasonAgainst(titleModel) === undefined;
  return {
    models: models.map((model) => describeModel(model, availability.reasonAgainst(model.id))),
    default: defaultModel,
    titleModel: canFindTitles ? titleModel : defaultModel,
  };
}

function describeModel(model: Model, unavailable: string | undefined): ModelInfo {
  const { id, label, purpose, contextTokens, maxOutputTokens, thinking, efforts, defaultEffort } = model;
  return {
    id,
    label,
    ...(purpose !== undefined && { purpose }),
    contextTokens,
    maxOutputTokens,
    thinking,
    efforts,
    ...(defaultEffort !== undefined && efforts.includes(defaultEffort) && { defaultEffort }),
    ...(unavailable !== undefined && { unavailable }),
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
