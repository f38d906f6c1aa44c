import type { Effort, ModelInfo } from '@/lib/protocol/models';

/** What the answers of a chat are asked for with. What is not named is left to the server. */
export type ChatSettings = {
  readonly model?: string | undefined;
  readonly thinking?: boolean | undefined;
  readonly effort?: Effort | undefined;
  /** What Claude is told before the conversation. */
  readonly system?: string | undefined;
};

/** The models on offer, and the one that is meant where none is named. */
export type Offer = { readonly models: readonly ModelInfo[]; readonly defaultModel: string };

/**
 * What an answer is asked for with: what was chosen for the chat, else what its person prefers, in so far as the model takes
 * it. A model that is not on offer any more gives way to the default.
 */
export function settingsToSend(
  chosen: ChatSettings,
  preferred: ChatSettings,
  { models, defaultModel }: Offer,
): ChatSettings & { readonly model: string } {
  const find = (id: string | undefined) => models.find((model) => model.id === id);
  const model = find(chosen.model) ?? find(preferred.model) ?? find(defaultModel);
  const { thinking, effort, system } = { ...preferred, ...withoutUndefined(chosen) };
  return {
    model: model?.id ?? defaultModel,
    ...(thinking !== undefined && model?.thinking !== 'none' && { thinking }),
    ...(effort !== undefined && model?.efforts.includes(effort) && { effort }),
    ...(system?.trim() && { system }),
  };
}

function withoutUndefined(settings: ChatSettings): ChatSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
