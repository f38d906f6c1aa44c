import fc from 'fast-check';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ReplyEvent } from '@/lib/protocol/reply-event';
import { endOf } from './branches';
import { type ChatAction, reduceChat } from './chat-reducer';
import type { ChatState } from './chat-state';
import { type ChatDecision, deletionOf } from './decide';

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 };
const timing = { firstTokenMs: 5, totalMs: 6 };

/** What a person, Claude or the network does next. A number chooses among the turns that are there. */
export type Step =
  | { readonly does: 'exchange'; readonly id: string }
  | { readonly does: 'send'; readonly id: string }
  | { readonly does: 'edit' | 'regenerate'; readonly id: string; readonly which: number }
  | { readonly does: 'delete' | 'switch'; readonly which: number }
  | { readonly does: 'queue'; readonly id: string }
  | { readonly does: 'send next' | 'undo' | 'fail' | 'ask to stop' | 'disconnect' }
  | { readonly does: 'hear'; readonly events: readonly ReplyEvent[] };

const word = fc.nat(9999).map((mark) => `<${mark}>`);
const event = fc.oneof(
  { weight: 4, arbitrary: word.map((text): ReplyEvent => ({ type: 'text-delta', text })) },
  { weight: 2, arbitrary: word.map((text): ReplyEvent => ({ type: 'thinking-delta', text })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<ReplyEvent>(
      { type: 'reply-start', replyId: 'r', model: 'm', resumable: true, simulated: false },
      { type: 'reply-stopped' },
      { type: 'reply-end', stopReason: 'end_turn', usage, timing },
      { type: 'reply-end', stopReason: 'refusal', usage, timing },
    ),
  },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('exchange' as const), id: fc.uuid() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('send' as const, 'queue' as const), id: fc.uuid() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('edit' as const, 'regenerate' as const),
      id: fc.uuid(),
      which: fc.nat(99),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constantFrom('delete' as const, 'switch' as const), which: fc.nat(99) }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ does: 'undo' }, { does: 'send next' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Step>({ does: 'fail' }, { does: 'ask to stop' }, { does: 'disconnect' }),
  },
  {
    weight: 7,
    arbitrary: fc.record({ does: fc.constant('hear' as const), events: fc.array(event, { maxLength: 4 }) }),
  },
);

/** For the tests of this room: whatever can happen to a conversation. */
export const anySteps = fc.array(step, { maxLength: 40 });

/** What a step is, where it is taken. */
export function actionsOf(state: ChatState, taken: Step): readonly ChatAction[] {
  if (taken.does !== 'exchange') return [actionOf(state, taken) ?? []].flat();
  const events: readonly ReplyEvent[] = [
    { type: 'text-delta', text: `Answer to ${markOf(taken.id)}` },
    { type: 'reply-end', stopReason: 'end_turn', usage, timing },
  ];
  const asked = send(taken.id, endOf(state), state.messages.length);
  return state.reply ? [] : [asked, { type: 'events-received', events, lastSeq: 2, at: state.messages.length }];
}

/** Null where there is nothing to take it with. */
function actionOf(state: ChatState, taken: Exclude<Step, { does: 'exchange' }>): ChatAction | null {
  const { messages, choices } = state;
  const at = messages.length;
  const decided = (decision: ChatDecision): ChatAction => ({ type: 'decided', decision, at });
  const chosen = 'which' in taken ? messages[taken.which % Math.max(1, messages.length)] : undefined;
  switch (taken.does) {
    case 'send':
      return send(taken.id, endOf(state), at);
    case 'queue':
      return decided({
        type: 'message-queued',
        message: { id: taken.id, text: `Queued ${markOf(taken.id)}`, settings: {} },
      });
    case 'send next': {
      const [next] = choices.queue;
      return next ? send(next.id, endOf(state), at) : null;
    }
    case 'edit':
      return chosen?.role === 'user' ? send(taken.id, chosen.parentId, at) : null;
    case 'regenerate': {
      const questionId = chosen?.role === 'user' ? chosen.id : chosen?.parentId;
      return questionId ? { type: 'answer-requested', questionId, replyId: `r${taken.id}`, settings: {}, at } : null;
    }
    case 'switch':
      return chosen ? decided({ type: 'branch-chosen', id: chosen.id }) : null;
    case 'delete':
      return chosen ? decided({ type: 'messages-deleted', ids: deletionOf(state, chosen.id) }) : null;
    case 'undo':
      return decided({ type: 'messages-restored', ids: lastDeleted(choices.deleted) });
    case 'hear':
      return { type: 'events-received', events: taken.events, lastSeq: taken.events.length, at };
    case 'fail':
      return { type: 'reply-lost', error: new ChatError('connection_lost').toWire(''), at };
    case 'ask to stop':
      return { type: 'stop-requested' };
    case 'disconnect':
      return { type: 'connection-lost' };
  }
}

export function takeStep(state: ChatState, taken: Step): ChatState {
  return actionsOf(state, taken).reduce(reduceChat, state);
}

function send(id: string, parentId: string | null, at: number): ChatAction {
  const message = { id, parentId, role: 'user', text: `Question ${markOf(id)}` } as const;
  return { type: 'message-sent', message, replyId: `r${id}`, settings: {}, at };
}

/** A word of its own, to be found again. */
const markOf = (id: string) => `<${Number.parseInt(id.slice(0, 8), 16)}>`;

/** What the last deletion took. */
function lastDeleted(deleted: Readonly<Record<string, number>>): readonly string[] {
  const last = Math.max(...Object.values(deleted));
  return Object.keys(deleted).filter((id) => deleted[id] === last);
}
