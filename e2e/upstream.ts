/**
 * A scripted Claude: the Messages API over loopback HTTP, so that what breaks is a real socket.
 *
 * A prompt that a test makes with `promptByHand` is answered by that test: `nextCall(prompt)` waits for the request and
 * gives the pen to the test. `models` are those that it lists, by their ids: Claude's current line, unless a test says
 * otherwise. Every other prompt is answered here, with the scenario that the demo plays for it but
 * without its pauses. The attempts of a prompt are counted until the end of the test.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { scenarioOf } from '@/lib/demo/scenarios';
import { scriptResponse, scriptWords } from '@/lib/demo/script';
import { asksForSummary, summaryFor } from '@/lib/demo/summary';
import { asksForTitle, titleFor } from '@/lib/demo/title';
import { Arrivals } from './arrivals';
import { errorBody, modelsBody } from './frames';
import { UpstreamCall } from './upstream-call';

const BY_HAND = 'Answered by hand: ';

/** A prompt that no other test uses and that waits for its test. */
export function promptByHand(about: string): string {
  return `${BY_HAND}${about} (${randomBytes(6).toString('hex')})`;
}

const CURRENT_LINE = ['claude-fable-5-2', 'claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'];

export class Upstream {
  models: readonly string[] = CURRENT_LINE;
  /** Whether the next summaries are answered by their test. */
  holdsSummaries = false;
  #calls = new Arrivals<UpstreamCall>();
  #titleCalls: UpstreamCall[] = [];
  #summaryCalls = new Arrivals<UpstreamCall>();
  readonly #taken = new Map<string, number>();
  readonly #connections = new Map<Socket, { number: number; closed: Promise<number> }>();
  readonly #server = createServer((request, response) => void this.#receive(request, response));

  /** Starts on a free port. */
  static async start(): Promise<Upstream> {
    const upstream = new Upstream();
    // A client keeps an idle connection as long as the server says it may: here, longer than any run.
    upstream.#server.keepAliveTimeout = 3_600_000;
    upstream.#server.on('connection', (socket: Socket) => upstream.#welcome(socket));
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve));
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Every call that wanted a title of a chat that begins with this prompt. They are answered at once and stand in nobody's
   * way; those of an earlier test may come late.
   */
  titleCallsFor(prompt: string): readonly UpstreamCall[] {
    return this.#titleCalls.filter((call) => call.prompt.includes(prompt));
  }

  /** The n-th call of this test, from 0, that wants a conversation summed up. */
  summaryCall(index = 0): Promise<UpstreamCall> {
    return this.#summaryCalls.find((call) => call === this.#summaryCalls.all[index]);
  }

  /** Every other call of this test, oldest first. */
  get calls(): readonly UpstreamCall[] {
    return this.#calls.all;
  }

  /** How many calls are waiting for an answer or in the middle of one. */
  get openCalls(): number {
    return this.calls.filter((call) => call.isOpen).length;
  }

  /** The next call of a prompt made by hand: first the first one, then its retries. */
  nextCall(prompt: string): Promise<UpstreamCall> {
    const attempt = this.#taken.get(prompt) ?? 0;
    this.#taken.set(prompt, attempt + 1);
    return this.#calls.find((call) => call.prompt === prompt && call.attempt === attempt);
  }

  /** Ends what a test left open, connections in reserve too, and forgets its calls. */
  forget(): void {
    for (const call of this.calls) if (call.isOpen) call.abandon();
    this.#server.closeIdleConnections();
    this.#calls = new Arrivals();
    this.#titleCalls = [];
    for (const call of this.#summaryCalls.all) if (call.isOpen) call.abandon();
    this.#summaryCalls = new Arrivals();
    this.holdsSummaries = false;
    this.#taken.clear();
    this.models = CURRENT_LINE;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #welcome(socket: Socket): void {
    const closed = new Promise<number>((resolve) => {
      socket.once('close', () => resolve(performance.now()));
    });
    this.#connections.set(socket, { number: this.#connections.size + 1, closed });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0];
    if (request.method === 'GET' && path === '/v1/models') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(modelsBody(this.models));
      return;
    }
    const connection = this.#connections.get(request.socket);
    if (!connection || request.method !== 'POST' || path !== '/v1/messages') {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(errorBody('not_found_error', `${request.method} ${request.url}`));
      return;
    }
    const attemptOf = (prompt: string) => this.calls.filter((call) => call.prompt === prompt).length;
    const call = new UpstreamCall(await text(request), response, connection, attemptOf);
    const system = call.body.system?.map((block) => block.text) ?? [];
    if (asksForTitle(system)) {
      this.#titleCalls.push(call);
      answerAtOnce(call, titleFor(call.prompt));
      return;
    }
    if (asksForSummary(system)) {
      this.#summaryCalls.add(call);
      if (!this.holdsSummaries) answerAtOnce(call, summaryFor(call.texts));
      return;
    }
    this.#calls.add(call);
    if (!call.prompt.startsWith(BY_HAND)) await playScenario(call);
  }
}

async function playScenario(call: UpstreamCall): Promise<void> {
  const { attempts } = scenarioOf(call.prompt);
  const attempt = attempts[call.attempt % attempts.length] ?? attempts[0];
  const script = scriptResponse(
    attempt,
    { model: call.body.model, messages: call.texts },
    randomBytes(6).toString('hex'),
  );
  call.sendHeaders(script.status, script.headers);
  for (const { frame } of script.frames) {
    if (!call.isOpen) return;
    call.send(frame);
    // Frames leave one by one, as they do when a model writes them.
    await nextTurn();
  }
  if (script.end === 'close') call.end();
  if (script.end === 'drop') call.drop();
}

function answerAtOnce(call: UpstreamCall, words: string): void {
  const { model } = call.body;
  const script = scriptWords(words, { model, messages: call.texts }, randomBytes(6).toString('hex'));
  call.sendHeaders(script.status, script.headers);
  call.send(...script.frames.map(({ frame }) => frame));
  call.end();
}
