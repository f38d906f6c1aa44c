import { expect, test } from './fixtures';
import { wholeAnswer } from './frames';
import { postPromptForJson } from './reply-client';
import { promptByHand, type Upstream } from './upstream';

const SHOWN = { type: 'adaptive', display: 'summarized' };
const HIDDEN = { type: 'adaptive', display: 'omitted' };
const EFFORTS = [undefined, 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** How each model is told not to think (platform.claude.com, November 2026), and whether it takes that above `high`. */
const MODELS = {
  'claude-sonnet-5-5': { off: { type: 'between_tools' }, isOffAboveHigh: false },
  'claude-haiku-5-5': { off: { type: 'disabled' }, isOffAboveHigh: false },
  'claude-opus-5-5': { off: HIDDEN, isOffAboveHigh: true },
  'claude-fable-5-2': { off: HIDDEN, isOffAboveHigh: true },
} as const;

/** What leaves for Claude when a program asks this server so. */
async function bodyOf(url: string, upstream: Upstream, fields: object) {
  const prompt = promptByHand('a body');
  const answer = postPromptForJson(url, prompt, { fields });
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Yes.'));
  call.end();
  expect((await answer).status).toBe(200);
  const { messages, system, ...rest } = call.body;
  expect(messages).toEqual([{ role: 'user', content: prompt }]);
  return rest;
}

for (const [model, { off, isOffAboveHigh }] of Object.entries(MODELS)) {
  test(`${model} is asked in the form that it accepts, whatever is wanted of it`, async ({ live, upstream }) => {
    for (const thinking of [true, false, undefined]) {
      for (const effort of EFFORTS) {
        const isCut = thinking === false && !isOffAboveHigh && (effort === 'xhigh' || effort === 'max');
        expect(await bodyOf(live.url, upstream, { model, thinking, effort })).toEqual({
          model,
          max_tokens: 8192,
          stream: true,
          cache_control: { type: 'ephemeral' },
          thinking: thinking === false ? off : SHOWN,
          ...(effort && { output_config: { effort: isCut ? 'high' : effort } }),
        });
      }
    }
  });
}

for (const [asked, sent] of [
  [100, 100],
  [8192, 8192],
  [8193, 8192],
  [1_000_000, 8192],
] as const) {
  test(`of ${asked} tokens that are asked for, ${sent} are wanted of Claude`, async ({ live, upstream }) => {
    const { max_tokens: wanted } = await bodyOf(live.url, upstream, { maxTokens: asked });
    expect(wanted).toBe(sent);
  });
}
