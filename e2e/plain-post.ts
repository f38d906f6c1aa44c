import { once } from 'node:events';
import { type Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

type PlainPost = {
  /** Whose connections are used; without one the request has a connection of its own. */
  readonly agent?: Agent;
  readonly accept?: 'application/json' | 'text/event-stream';
  readonly signal?: AbortSignal;
};

/** Posts one prompt and reads the answer to its end, where it matters over which connection. `fetch` opens some in reserve. */
export async function plainPost(url: string, prompt: string, { agent, accept, signal }: PlainPost = {}) {
  const outgoing = request(`${url}/api/chat`, {
    method: 'POST',
    agent: agent ?? false,
    headers: { 'Content-Type': 'application/json', Accept: accept ?? 'application/json' },
    ...(signal && { signal }),
  });
  outgoing.end(JSON.stringify({ messages: [{ role: 'user', content: prompt }] }));
  const [response] = await once(outgoing, 'response');
  return { status: response.statusCode as number, body: await text(response) };
}
