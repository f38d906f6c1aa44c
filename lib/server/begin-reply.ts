import 'server-only';
import { randomBytes } from 'node:crypto';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { type AskClaude, type ClaudeCall, connectClaude } from './claude';
import { type Config, getConfig } from './config';
import { createDemoFetch } from './demo-fetch';
import { getLogger, logReply, type ReplyLogLine } from './log';
import { getAvailability } from './model-availability';
import { produceReply, type ReplyOrder } from './produce-reply';
import { getQuota, type Reservation } from './quota';
import { getReplies, type ReplyKey } from './replies';
import type { Production, Reply } from './reply';
import type { ReplyLog } from './reply-log';
import type { Exchange } from './respond';
import { estimateCall, estimateSpent } from './token-estimate';

let claude: AskClaude | undefined;

function getClaude(config: Config): AskClaude {
  claude ??=
    config.mode === 'live'
      ? connectClaude(config.claude)
      : connectClaude({ ...config.claude, apiKey: 'demo' }, createDemoFetch());
  return claude;
}

type BegunReply = {
  readonly key: ReplyKey;
  readonly reply: Reply;
  /** Whether its reader can ask for it again. */
  readonly isResumable: boolean;
};

/**
 * Begins the reply that a request asks for, or finds the one that it has begun already: the same name is the same reply.
 * Throws `ChatError` where the request cannot be met, or no reply is begun now.
 */
export async function beginReply(asked: ChatRequest, exchange: Exchange): Promise<BegunReply> {
  const config = getConfig();
  const { account, caller, headers } = exchange;
  const key = { callerId: caller.id, replyId: asked.replyId ?? randomBytes(16).toString('base64url') };
  const isResumable = config.replies.graceMs > 0 && caller.canReturn;
  const known = getReplies().find(key);
  if (known) return { key, reply: known, isResumable };
  const order = {
    replyId: key.replyId,
    requestId: exchange.requestId,
    receivedAt: exchange.receivedAt,
    call: callOf(asked, config),
    resumable: isResumable,
    simulated: config.mode === 'demo',
  };
  await getQuota().countRequest(account, headers);
  const reservation = await getQuota().reserve(account, estimateCall(order.call));
  let isNew = false;
  const reply = getReplies().start(key, account, (log) => {
    isNew = true;
    return produceInto(log, order, config, reservation);
  });
  if (!isNew) await reservation.settle(0);
  if (typeof reply === 'string') throw new ChatError(reply);
  return { key, reply, isResumable };
}

function produceInto(log: ReplyLog, order: ReplyOrder, config: Config, reservation: Reservation): Production {
  const stop = new AbortController();
  const onEnd = (line: ReplyLogLine) => {
    tellEnd(line);
    void settle(reservation, line, log, estimateCall(order.call) - order.call.maxTokens);
  };
  const events = produceReply(order, stop, { ask: getClaude(config), limits: config.limits, onEnd });
  const write = async () => {
    for await (const event of events) log.append(event);
  };
  return {
    end: (reason) => stop.abort(reason === 'stopped' ? undefined : new ChatError(reason)),
    done: write().catch((error: unknown) => {
      getLogger().error({ requestId: order.requestId, err: error }, 'reply failed');
      if (!log.isEnded) log.append({ type: 'reply-error', error: new ChatError('internal').toWire(order.requestId) });
    }),
  };
}

function tellEnd(line: ReplyLogLine): void {
  logReply(line);
  getAvailability().hear(line);
}

/** Where it fails, more than was spent stays counted. */
async function settle(
  reservation: Reservation,
  line: ReplyLogLine,
  log: ReplyLog,
  questionTokens: number,
): Promise<void> {
  try {
    await reservation.settle(estimateSpent(line, log.characters, questionTokens));
  } catch (error) {
    getLogger().error({ requestId: line.requestId, err: error }, 'tokens not counted');
  }
}

function callOf(asked: ChatRequest, config: Config): ClaudeCall {
  const id = asked.model ?? config.defaultModel;
  const model = config.models.find((offered) => offered.id === id);
  if (!model) throw new ChatError('model_unavailable');
  if (asked.effort && !model.efforts.includes(asked.effort)) {
    throw new ChatError('invalid_request', {
      detail: `effort: this model knows ${model.efforts.join(', ') || 'none'}.`,
    });
  }
  const maxTokens = Math.min(asked.maxTokens ?? config.maxOutputTokens, config.maxOutputTokens, model.maxOutputTokens);
  const system = [config.systemPrompt, asked.system].filter((text) => text !== undefined);
  return { model, system, messages: asked.messages, thinking: asked.thinking, effort: asked.effort, maxTokens };
}
