import 'server-only';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Scenario, scenarioOf } from '@/lib/demo/scenarios';
import { type ScriptedRequest, type ScriptedResponse, scriptResponse, scriptWords } from '@/lib/demo/script';
import { asksForSummary, summaryFor } from '@/lib/demo/summary';
import { asksForTitle, titleFor } from '@/lib/demo/title';

/**
 * A `fetch` that stands in for Claude's API: the SDK and everything behind it are the same as with a key. It answers in
 * the API's own framing at a natural pace. Each scenario counts its attempts, so that what fails first works on Retry. Titles and
 * summaries of conversations come without a pause.
 *
 * @param pace multiplies every pause; 0 answers as fast as it is read
 */
export function createDemoFetch(pace = 1): typeof globalThis.fetch {
  const attempts = new Map<Scenario, number>();
  const nextAttempt = (scenario: Scenario) => {
    const count = attempts.get(scenario) ?? 0;
    attempts.set(scenario, count + 1);
    return scenario.attempts[count % scenario.attempts.length] ?? scenario.attempts[0];
  };
  return async (_input, init) => {
    const request = readRequest(String(init?.body));
    const prompt = request.messages.at(-1) ?? '';
    const messageId = randomBytes(6).toString('hex');
    const words = wordsBeside(request, prompt);
    const response =
      words === null
        ? scriptResponse(nextAttempt(scenarioOf(prompt)), request, messageId)
        : scriptWords(words, request, messageId);
    const body = bodyOf(play(response, pace, init?.signal ?? undefined));
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

/** What is wanted about a conversation, not in it; null where nothing is. */
function wordsBeside({ system, messages }: SystemRequest, prompt: string): string | null {
  if (asksForTitle(system)) return titleFor(prompt);
  return asksForSummary(system) ? summaryFor(messages) : null;
}

function bodyOf(frames: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value: frame, done } = await frames.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(frame));
    },
    async cancel() {
      await frames.return();
    },
  });
}

async function* play(
  response: ScriptedResponse,
  pace: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  for (const { pauseMs, frame } of response.frames) {
    if (pauseMs * pace > 0) await delay(pauseMs * pace, undefined, { signal });
    signal?.throwIfAborted();
    yield frame;
  }
  if (response.end === 'drop') throw new TypeError('terminated');
  if (response.end === 'stall') await aborted(signal);
}

/** Settles only when the signal aborts, and then rejects. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

type Block = { readonly type: string; readonly text?: string };

type SystemRequest = ScriptedRequest & { readonly system: readonly string[] };

/** Reads back what the SDK was given. The simulated Claude sees no files. */
function readRequest(body: string): SystemRequest {
  const {
    model,
    system = [],
    messages,
  } = JSON.parse(body) as {
    model: string;
    system?: readonly { text: string }[];
    messages: readonly { content: string | readonly Block[] }[];
  };
  const textOf = (content: string | readonly Block[]) =>
    typeof content === 'string' ? content : content.flatMap(({ text }) => text ?? []).join('\n\n');
  return {
    model,
    system: system.map(({ text }) => text),
    messages: messages.map((message) => textOf(message.content)),
  };
}
