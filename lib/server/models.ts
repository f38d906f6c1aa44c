import 'server-only';
import type { Effort, ModelInfo } from '@/lib/protocol/models';

/** What the server knows of a model beyond what it tells the browser. */
export type Model = Omit<ModelInfo, 'unavailable'> & {
  /**
   * How a request says "do not think": with `disabled`, with `between_tools` (no thinking up front), by hiding the thinking
   * of a model that always thinks, or by leaving the parameter out.
   */
  readonly thinkingOff: 'disabled' | 'between_tools' | 'hidden' | 'omitted';
  /** Whether an adaptive model thinks where the request does not say. */
  readonly thinksUnasked: boolean;
};

const EVERY_EFFORT: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

const CURRENT = {
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  efforts: EVERY_EFFORT,
  defaultEffort: 'high',
  thinksUnasked: true,
} as const;

/** Claude's current line, the one for most work first (platform.claude.com, models overview, November 2026). */
export const CURRENT_MODELS: readonly Model[] = [
  {
    ...CURRENT,
    id: 'claude-sonnet-5-5',
    label: 'Claude Sonnet 5.5',
    purpose: 'Quick and clever, for most things',
    thinkingOff: 'between_tools',
  },
  {
    ...CURRENT,
    id: 'claude-haiku-5-5',
    label: 'Claude Haiku 5.5',
    purpose: 'The fastest and cheapest, for short tasks',
    defaultEffort: 'medium',
    thinkingOff: 'disabled',
  },
  {
    ...CURRENT,
    id: 'claude-opus-5-5',
    label: 'Claude Opus 5.5',
    purpose: 'Thorough, for long and difficult work',
    defaultEffort: 'medium',
    thinkingOff: 'hidden',
  },
  {
    ...CURRENT,
    id: 'claude-fable-5-2',
    label: 'Claude Fable 5.2',
    purpose: 'The most capable, for the hardest problems',
    thinkingOff: 'hidden',
  },
];

/** For small work behind the scenes. */
export const SMALL_MODEL = 'claude-haiku-5-5';

const ALWAYS_THINKS = { ...CURRENT, thinkingOff: 'hidden' } as const;
const MAY_THINK = { ...CURRENT, thinkingOff: 'disabled' } as const;
const THINKS_WHEN_ASKED = { ...CURRENT, thinkingOff: 'omitted', thinksUnasked: false } as const;
const WITHOUT_XHIGH = { ...THINKS_WHEN_ASKED, efforts: ['low', 'medium', 'high', 'max'] } as const;
const WITH_BUDGET = {
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  thinking: 'budget',
  efforts: [],
  thinkingOff: 'disabled',
  thinksUnasked: false,
} as const;

/** Older models, and those that few may use, by the rules of their own pages; offered only where the operator names them. */
const OLDER_MODELS: readonly Model[] = [
  { ...ALWAYS_THINKS, id: 'claude-fable-5-1', label: 'Claude Fable 5.1', purpose: 'An earlier Fable' },
  { ...ALWAYS_THINKS, id: 'claude-fable-5', label: 'Claude Fable 5', purpose: 'An earlier Fable' },
  { ...ALWAYS_THINKS, id: 'claude-mythos-5-2', label: 'Claude Mythos 5.2', purpose: 'For verified security work' },
  { ...ALWAYS_THINKS, id: 'claude-mythos-5-1', label: 'Claude Mythos 5.1', purpose: 'An earlier Mythos' },
  { ...ALWAYS_THINKS, id: 'claude-mythos-5', label: 'Claude Mythos 5', purpose: 'An earlier Mythos' },
  { ...MAY_THINK, id: 'claude-opus-5', label: 'Claude Opus 5', purpose: 'An earlier Opus' },
  { ...MAY_THINK, id: 'claude-sonnet-5', label: 'Claude Sonnet 5', purpose: 'An earlier Sonnet' },
  { ...THINKS_WHEN_ASKED, id: 'claude-opus-4-8', label: 'Claude Opus 4.8', purpose: 'An earlier Opus' },
  { ...THINKS_WHEN_ASKED, id: 'claude-opus-4-7', label: 'Claude Opus 4.7', purpose: 'An earlier Opus' },
  { ...WITHOUT_XHIGH, id: 'claude-opus-4-6', label: 'Claude Opus 4.6', purpose: 'An earlier Opus' },
  { ...WITHOUT_XHIGH, id: 'claude-sonnet-4-6', label: 'Claude Sonnet 4.6', purpose: 'An earlier Sonnet' },
  {
    ...WITH_BUDGET,
    id: 'claude-opus-4-5',
    label: 'Claude Opus 4.5',
    purpose: 'An earlier Opus',
    efforts: ['low', 'medium', 'high'],
    defaultEffort: 'high',
  },
  { ...WITH_BUDGET, id: 'claude-haiku-4-5', label: 'Claude Haiku 4.5', purpose: 'An earlier Haiku' },
];

/** What every server of the Messages API accepts: no thinking, no effort, and modest sizes. */
const UNKNOWN = {
  contextTokens: 128_000,
  maxOutputTokens: 32_000,
  thinking: 'none',
  efforts: [],
  thinkingOff: 'omitted',
  thinksUnasked: true,
} as const;

/** The id without the date of a release (`claude-opus-4-5-20251101`), which older models may be called with. */
export const undatedId = (id: string) => id.replace(/-20\d{6}$/, '');

/** The model of an id that the operator named, with modest settings where we do not know it. */
export function modelOf(id: string): Model {
  const known = [...CURRENT_MODELS, ...OLDER_MODELS].find((model) => model.id === undatedId(id));
  return known ? { ...known, id } : { ...UNKNOWN, id, label: id };
}
