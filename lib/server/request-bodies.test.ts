import { describe, expect, it, vi } from 'vitest';
import { encodeFrame } from '@/lib/demo/script';
import type { Effort } from '@/lib/protocol/models';
import { type ClaudeCall, connectClaude } from './claude';
import { ACCESS } from './claude.fixture';
import { modelOf } from './models';

// What each model accepts, written down from its page on platform.claude.com (overview, what's new, migration guide;
// effort; thinking) as of November 2026, and not from our table.

const SHOWN = { type: 'adaptive', display: 'summarized' };
const HIDDEN = { type: 'adaptive', display: 'omitted' };
const HALF = (maxTokens: number) =>
  maxTokens >= 2048 ? { type: 'enabled', budget_tokens: Math.floor(maxTokens / 2) } : undefined;

const ALL: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max'];
const NO_XHIGH: readonly Effort[] = ['low', 'medium', 'high', 'max'];
const UP_TO_HIGH: readonly Effort[] = ['low', 'medium', 'high'];

type Thinking = object | undefined | ((maxTokens: number) => object | undefined);
type Rules = {
  /** In thousands of tokens. */
  readonly sizes: readonly [context: number, output: number];
  readonly efforts: readonly Effort[];
  readonly byDefault: Effort | undefined;
  readonly on: Thinking;
  readonly off: Thinking;
  readonly unasked: Thinking;
};

/** Thinking is always on: neither `disabled` nor a budget is accepted. */
const always = { sizes: [1000, 128], efforts: ALL, on: SHOWN, off: HIDDEN, unasked: SHOWN } as const;
/** Thinking is on unless it is disabled, which is accepted up to the effort `high`. */
const mostly = { ...always, off: { type: 'disabled' } } as const;
/** Thinking is off unless it is asked for. */
const onRequest = { ...always, off: undefined, unasked: undefined } as const;
/** Thinking needs a budget of 1,024 tokens or more, below `max_tokens`. */
const budget = { sizes: [200, 64], on: HALF, off: { type: 'disabled' }, unasked: undefined } as const;

const RULES: Readonly<Record<string, Rules>> = {
  // `disabled` is refused; `between_tools` takes its place, and is refused above `high`.
  'claude-sonnet-5-5': { ...always, off: { type: 'between_tools' }, byDefault: 'high' },
  'claude-haiku-5-5': { ...mostly, byDefault: 'medium' },
  'claude-opus-5-5': { ...always, byDefault: 'medium' },
  'claude-fable-5-2': { ...always, byDefault: 'high' },
  'claude-fable-5-1': { ...always, byDefault: 'high' },
  'claude-fable-5': { ...always, byDefault: 'high' },
  'claude-mythos-5-2': { ...always, byDefault: 'high' },
  'claude-mythos-5-1': { ...always, byDefault: 'high' },
  'claude-mythos-5': { ...always, byDefault: 'high' },
  'claude-opus-5': { ...mostly, byDefault: 'high' },
  'claude-sonnet-5': { ...mostly, byDefault: 'high' },
  'claude-opus-4-8': { ...onRequest, byDefault: 'high' },
  'claude-opus-4-7': { ...onRequest, byDefault: 'high' },
  'claude-opus-4-6': { ...onRequest, efforts: NO_XHIGH, byDefault: 'high' },
  'claude-sonnet-4-6': { ...onRequest, efforts: NO_XHIGH, byDefault: 'high' },
  'claude-opus-4-5': { ...budget, efforts: UP_TO_HIGH, byDefault: 'high' },
  'claude-opus-4-5-20251101': { ...budget, efforts: UP_TO_HIGH, byDefault: 'high' },
  'claude-haiku-4-5': { ...budget, efforts: [], byDefault: undefined },
  'claude-haiku-4-5-20251001': { ...budget, efforts: [], byDefault: undefined },
  // A server of somebody: nothing that only Claude's models know.
  'a-local-model': {
    sizes: [128, 32],
    efforts: [],
    byDefault: undefined,
    on: undefined,
    off: undefined,
    unasked: undefined,
  },
};

const ANSWER = encodeFrame('message_delta', { delta: { stop_reason: 'end_turn' } });

/** The body that leaves for Claude, byte for byte as the SDK writes it, read again. */
async function bodyOf(call: ClaudeCall): Promise<unknown> {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response(ANSWER));
  for await (const event of connectClaude(ACCESS, fetch)(call, new AbortController().signal)) void event;
  return JSON.parse(String(fetch.mock.calls[0]?.[1]?.body));
}

const MESSAGES = [{ role: 'user', content: 'Hi' }] as const;

describe.each(Object.entries(RULES))('a request to %s', (id, rules) => {
  it('is for a model of the size and the efforts that its page tells', () => {
    const model = modelOf(id);
    expect([model.contextTokens, model.maxOutputTokens]).toEqual(rules.sizes.map((thousands) => thousands * 1000));
    expect(model.efforts).toEqual(rules.efforts);
    expect(model.defaultEffort).toBe(rules.byDefault);
  });

  const thinkings: readonly (readonly [boolean | undefined, Thinking])[] = [
    [true, rules.on],
    [false, rules.off],
    [undefined, rules.unasked],
  ];

  it.each(thinkings)(
    'has what the model accepts, with thinking %s, at every effort and length',
    async (thinking, form) => {
      for (const maxTokens of [1, 2047, 2048, 8192, rules.sizes[1] * 1000]) {
        for (const effort of [undefined, ...rules.efforts]) {
          const sent = typeof form === 'function' ? form(maxTokens) : form;
          const isOff = sent !== undefined && 'type' in sent && /disabled|between_tools/.test(String(sent.type));
          const effortSent = isOff && (effort === 'xhigh' || effort === 'max') ? 'high' : effort;
          expect(
            await bodyOf({
              model: modelOf(id),
              system: ['Be brief.'],
              messages: MESSAGES,
              thinking,
              effort,
              maxTokens,
            }),
          ).toEqual({
            model: id,
            max_tokens: maxTokens,
            stream: true,
            system: [{ type: 'text', text: 'Be brief.' }],
            messages: MESSAGES,
            cache_control: { type: 'ephemeral' },
            ...(sent && { thinking: sent }),
            ...(effortSent && { output_config: { effort: effortSent } }),
          });
        }
      }
    },
  );
});
