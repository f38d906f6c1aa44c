/**
 * For the specs about hostile requests. What is sent with `ask` is sent byte for byte, and whatever comes back is searched
 * for what must not leave the server. After each test the server is asked something harmless, and answers as ever.
 */
import { expect, SECRETS } from './fixtures';
import { wholeAnswer } from './frames';
import { test as base } from './own-server';
import { openRaw, type RawAnswer, rawRequest, readRaw } from './raw-http';
import { postPromptForJson } from './reply-client';
import { promptByHand, type Upstream } from './upstream';

export { expect };

export const JSON_TYPE = 'Content-Type: application/json';
export const HELLO = { role: 'user', content: 'Hello' };

type Abuse = {
  /** Sends these bytes to `live` and gives what comes until the connection is closed. */
  readonly ask: (bytes: Uint8Array | string) => Promise<RawAnswer>;
  /** Posts this to the chat and asks for the whole answer; what is no text is made JSON. */
  readonly post: (body: unknown, headers?: readonly string[]) => Promise<RawAnswer>;
};

export const test = base.extend<Abuse>({
  ask: [
    async ({ live, upstream }, use) => {
      const answers: RawAnswer[] = [];
      await use(async (bytes) => {
        const socket = openRaw(live.url);
        socket.write(bytes);
        const answer = await readRaw(socket);
        answers.push(answer);
        return answer;
      });
      expect(answers.flatMap(leaksOf)).toEqual([]);
      await expectUnharmed(live.url, upstream);
      expect(live.output.filter((line) => /unhandledRejection|uncaughtException/i.test(line))).toEqual([]);
    },
    { auto: true },
  ],

  post: async ({ ask }, use) => {
    await use((body, headers = [JSON_TYPE]) => {
      const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      return ask(rawRequest('POST /api/chat', { headers: [...headers, 'Accept: application/json'], body: bytes }));
    });
  },
});

/** The code of an error; undefined where it is none of ours. */
export function codeOf({ body }: RawAnswer): string | undefined {
  return /"code":"(\w+)"/.exec(body)?.[1];
}

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp | string])[] = [
  ['the key', SECRETS.apiKey],
  ['the operator’s words', SECRETS.systemPrompt],
  ['a path', process.cwd()],
  ['a stack', /\n\s+at \S+.*:\d+:\d+/],
];

/** What an answer tells that it must not, or does not tell that it must. */
function leaksOf({ status, headers, body }: RawAnswer): readonly string[] {
  const told = `${[...headers].map((header) => header.join(': ')).join('\n')}\n${body}`;
  const leaks = FORBIDDEN.filter(([, pattern]) => told.search(escapeText(pattern)) !== -1).map(([what]) => what);
  const isApiError = status >= 400 && headers.get('content-type') === 'application/json';
  return [
    ...leaks,
    ...(headers.has('x-powered-by') ? ['what it runs on'] : []),
    ...(isApiError && !body.includes(`"requestId":"${headers.get('x-request-id')}"`) ? ['no request id'] : []),
  ];
}

function escapeText(pattern: RegExp | string): RegExp {
  return typeof pattern === 'string' ? new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : pattern;
}

/** A harmless question reaches Claude as it always does, and nothing else is on the way to it. */
async function expectUnharmed(url: string, upstream: Upstream): Promise<void> {
  await expect.poll(() => upstream.openCalls).toBe(0);
  const prompt = promptByHand('harmless');
  const answer = postPromptForJson(url, prompt);
  const call = await upstream.nextCall(prompt);
  call.send(wholeAnswer('Fine.'));
  call.end();
  expect(await (await answer).json()).toMatchObject({ content: [{ type: 'text', text: 'Fine.' }] });
  expect(call.body).toEqual({
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    stream: true,
    cache_control: { type: 'ephemeral' },
    thinking: { type: 'adaptive', display: 'summarized' },
    system: [{ type: 'text', text: SECRETS.systemPrompt }],
    messages: [{ role: 'user', content: prompt }],
  });
}
