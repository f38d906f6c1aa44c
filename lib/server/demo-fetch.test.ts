import { describe, expect, it } from 'vitest';
import { readAnswer } from '@/lib/demo/answers';
import { type Attempt, SCENARIOS, type Scenario } from '@/lib/demo/scenarios';
import { scriptResponse } from '@/lib/demo/script';
import { encodeSummaryPrompt, SUMMARY_INSTRUCTIONS } from '@/lib/protocol/summary';
import { encodeExchange, TITLE_INSTRUCTIONS } from '@/lib/protocol/title';
import { type AskClaude, type ClaudeCall, type ClaudeEvent, connectClaude } from './claude';
import { createDemoFetch } from './demo-fetch';
import { modelOf } from './models';

const ACCESS = { apiKey: 'demo', authToken: undefined, baseUrl: undefined };

function callWith(prompt: string, earlier: ClaudeCall['messages'] = []): ClaudeCall {
  return {
    model: modelOf('claude-sonnet-5-5'),
    system: [],
    messages: [...earlier, { role: 'user', content: prompt }],
    thinking: undefined,
    effort: undefined,
    maxTokens: 8000,
  };
}

const connectDemo = () => connectClaude(ACCESS, createDemoFetch(0));

/** One try: what was shown, and the event or the failure that ended it. A try that goes silent is stopped by hand. */
async function tryOnce(ask: AskClaude, call: ClaudeCall, expected: Attempt) {
  const stop = new AbortController();
  const shown = { text: '', thinking: '' };
  const isWhole = () => expected.kind === 'broken-answer' && shown.text === readAnswer(expected.text);
  try {
    for await (const event of ask(call, stop.signal)) {
      if (event.type === 'text-delta') shown.text += event.text;
      if (event.type === 'thinking-delta') shown.thinking += event.text;
      if (event.type === 'end') return { ...shown, end: { stopReason: event.stopReason } };
      if (isWhole()) stop.abort('by hand');
    }
    return { ...shown, end: 'nothing' };
  } catch (end) {
    return { ...shown, end };
  }
}

/** What a try is to show and how it is to end, by its scenario alone. */
function expectedOf(attempt: Attempt) {
  if (attempt.kind === 'refused-request') {
    const code = attempt.errorType === 'rate_limit_error' ? 'rate_limited' : 'overloaded';
    const end = { code, retryAfterSeconds: attempt.retryAfterSeconds };
    return { text: '', thinking: '', end };
  }
  const thinking = attempt.thinking ? readAnswer(attempt.thinking) : '';
  const text = readAnswer(attempt.text);
  if (attempt.kind === 'answer') return { text, thinking, end: { stopReason: attempt.stopReason } };
  const end = attempt.end === 'stall' ? 'by hand' : { code: 'upstream_cut' };
  return { text: text.slice(0, attempt.afterChars), thinking, end };
}

describe('the simulated Claude, heard through the SDK', () => {
  it.each(SCENARIOS.map((scenario): [string, Scenario] => [scenario.id, scenario]))(
    'plays “%s” byte for byte, each try in its turn, and then from the beginning',
    async (_id, { prompt, attempts }) => {
      const ask = connectDemo();
      for (const attempt of [...attempts, attempts[0]]) {
        expect(await tryOnce(ask, callWith(prompt), attempt)).toMatchObject(expectedOf(attempt));
      }
    },
  );

  it('has an answer for anything else', async () => {
    const expected: Attempt = { kind: 'answer', text: 'simulated', stopReason: 'end_turn' };
    expect(await tryOnce(connectDemo(), callWith('How are you?'), expected)).toMatchObject(expectedOf(expected));
  });

  it.each([
    ['How does a streamed answer travel from Claude to my screen?', 'How does a word reach my screen?'],
    ['Why is the sky blue?', 'Why is the sky blue?'],
    ['Why is the sky blue\nand not violet at all?', 'Why is the sky blue and…'],
  ])('finds a title for “%s” at once, beside what the operator says', async (question, title) => {
    const call = callWith(encodeExchange(question, 'Whatever.'));
    const ask = connectClaude(ACCESS, createDemoFetch(1_000_000));
    const events: ClaudeEvent[] = [];
    const system = ['The operator.', TITLE_INSTRUCTIONS];
    for await (const event of ask({ ...call, system }, new AbortController().signal)) events.push(event);
    expect(events.flatMap((event) => (event.type === 'text-delta' ? event.text : [])).join('')).toBe(title);
    expect(events.at(-1)).toMatchObject({ type: 'end', stopReason: 'end_turn' });
  });

  it('sums a conversation up by what was asked in it', async () => {
    const earlier = [
      { role: 'user', content: 'Why is the sky blue?' },
      { role: 'assistant', content: 'It scatters.' },
    ] as const;
    const call = callWith(encodeSummaryPrompt('And at night?'), earlier);
    const ask = connectClaude(ACCESS, createDemoFetch(1_000_000));
    const texts: string[] = [];
    for await (const event of ask({ ...call, system: [SUMMARY_INSTRUCTIONS] }, new AbortController().signal)) {
      if (event.type === 'text-delta') texts.push(event.text);
    }
    expect(texts.join('')).toMatch(/\n- Why is the sky blue\?\n- And at night\?\n\nThis summary is simulated/);
  });

  it('reads a long conversation from the cache, and counts thinking as output', async () => {
    const long = 'word '.repeat(1000);
    const { prompt } = SCENARIOS.find(({ id }) => id === 'math') ?? expect.fail('no such scenario');
    const events: ClaudeEvent[] = [];
    const earlier = [
      { role: 'user', content: long },
      { role: 'assistant', content: [{ type: 'text', text: long }] },
    ] as const;
    for await (const event of connectDemo()(callWith(prompt, earlier), new AbortController().signal))
      events.push(event);
    const end = events.find((event) => event.type === 'end') ?? expect.fail('no end');
    const { usage } = end;
    expect(usage).toMatchObject({
      inputTokens: 0,
      cacheReadTokens: 2500,
      cacheWriteTokens: Math.ceil(prompt.length / 4),
    });
    expect(usage.thinkingTokens).toBeGreaterThan(0);
    expect(usage.outputTokens).toBeGreaterThan(usage.thinkingTokens ?? Number.POSITIVE_INFINITY);
  });

  it('ends a silence also when it was aborted before the silence began', { timeout: 1000 }, async () => {
    const { prompt, attempts } = SCENARIOS.find(({ id }) => id === 'stall') ?? expect.fail('no such scenario');
    const stop = new AbortController();
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: prompt }] });
    const response = await createDemoFetch(0)('http://localhost/', { body, signal: stop.signal });
    const reader = response.body?.getReader() ?? expect.fail('no body');
    const { frames } = scriptResponse(attempts[0], { model: 'm', messages: [prompt] }, 'x');
    for (const _frame of frames.slice(1)) await reader.read();
    // The last frame lies ready by now, and behind it nothing was asked for.
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort('too late');
    await reader.read();
    await expect(reader.read()).rejects.toBe('too late');
  });
});
