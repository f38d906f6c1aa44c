/** One event of a reply, as a program that knows nothing of our source reads it. */
export type WireEvent = { readonly type: string; readonly [field: string]: unknown };

type Ask = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: object;
  readonly signal?: AbortSignal;
};

/** Posts one prompt to `/api/chat`. */
export function postPrompt(url: string, prompt: string, { headers, fields, signal }: Ask = {}): Promise<Response> {
  return fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ messages: [{ role: 'user', content: prompt }], ...fields }),
    ...(signal && { signal }),
  });
}

/** Asks for the whole reply as one object. */
export function postPromptForJson(url: string, prompt: string, ask: Ask = {}): Promise<Response> {
  return postPrompt(url, prompt, { ...ask, headers: { Accept: 'application/json', ...ask.headers } });
}

/** Opens a streamed reply. */
export async function openReply(url: string, prompt: string, ask: Ask = {}): Promise<OpenReply> {
  const leaving = new AbortController();
  return new OpenReply(await postPrompt(url, prompt, { ...ask, signal: leaving.signal }), leaving);
}

/** A reply while it arrives. The framing is held to the letter: anything but the contract's frames is an error. */
export class OpenReply {
  readonly #frames: AsyncGenerator<string, void>;
  readonly #leaving: AbortController;
  #seq = 0;

  constructor(
    readonly response: Response,
    leaving: AbortController,
  ) {
    this.#frames = framesOf(response);
    this.#leaving = leaving;
  }

  /** The next frame as it is, without its blank line; undefined at the end of the stream. */
  async nextFrame(): Promise<string | undefined> {
    return (await this.#frames.next()).value ?? undefined;
  }

  /** The next event, comments passed over; undefined after `[DONE]`. Fails where a number is missing or doubled. */
  async nextEvent(): Promise<WireEvent | undefined> {
    for (;;) {
      const frame = await this.nextFrame();
      if (frame === undefined) throw new Error('the stream ended without [DONE]');
      if (frame === 'data: [DONE]') return undefined;
      if (frame.startsWith(':')) continue;
      const [, id, data] = frame.match(/^id: (\d+)\ndata: (.+)$/) ?? [];
      this.#seq += 1;
      if (Number(id) !== this.#seq) throw new Error(`expected event ${this.#seq}, got the frame ${frame}`);
      return JSON.parse(data ?? '') as WireEvent;
    }
  }

  /** Every event that is still to come. Fails unless `[DONE]` is the last frame of the stream. */
  async rest(): Promise<WireEvent[]> {
    const events: WireEvent[] = [];
    for (let event = await this.nextEvent(); event; event = await this.nextEvent()) events.push(event);
    const extra = await this.nextFrame();
    if (extra !== undefined) throw new Error(`a frame after [DONE]: ${extra}`);
    return events;
  }

  /** Leaves as a closed tab does. Gives the moment, by `performance.now()`. */
  leave(): number {
    const leftAt = performance.now();
    this.#leaving.abort();
    return leftAt;
  }
}

/** A round trip through the server's one thread: what Claude sent before has been read after it. */
export async function takeTurn(url: string): Promise<void> {
  const { status } = await fetch(`${url}/api/health`);
  if (status !== 200) throw new Error(`the server is not well: ${status}`);
}

/** The deltas of one kind, put together. */
export function joinDeltas(events: readonly WireEvent[], type: 'text-delta' | 'thinking-delta'): string {
  return events
    .filter((event) => event.type === type)
    .map((event) => event.text)
    .join('');
}

async function* framesOf(response: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let unfinished = '';
  for await (const bytes of response.body ?? []) {
    const frames = (unfinished + decoder.decode(bytes, { stream: true })).split('\n\n');
    unfinished = frames.pop() ?? '';
    yield* frames;
  }
  if (unfinished) throw new Error(`the stream ended inside a frame: ${unfinished}`);
}
