import { assertNever } from './assert-never';
import { childrenOf, findMessage, placeOf, shownPath } from './branches';
import type { ChatSettings } from './chat-settings';
import { type ChatChoices, type ChatState, FIRST, type QueuedMessage } from './chat-state';

/** What a person can decide about a chat, whichever tab writes it. */
export type ChatDecision =
  /** Another turn is shown in the place of those beside it. */
  | { readonly type: 'branch-chosen'; readonly id: string }
  | { readonly type: 'messages-deleted'; readonly ids: readonly string[] }
  | { readonly type: 'messages-restored'; readonly ids: readonly string[] }
  | { readonly type: 'settings-changed'; readonly settings: ChatSettings }
  | { readonly type: 'message-queued'; readonly message: QueuedMessage }
  | { readonly type: 'message-unqueued'; readonly id: string };

/** The next state. `at` is the browser's clock in milliseconds. A decision that changes nothing gives the same state. */
export function decide(state: ChatState, decision: ChatDecision, at: number): ChatState {
  switch (decision.type) {
    case 'branch-chosen':
      return withChoices(state, choose(state, decision.id), at);
    case 'messages-deleted':
      return deleteMessages(state, decision.ids, at);
    case 'messages-restored':
      return restoreMessages(state, decision.ids, at);
    case 'settings-changed':
      return withChoices(state, { settings: { ...state.choices.settings, ...decision.settings } }, at);
    case 'message-queued':
      return queueMessage(state, decision.message, at);
    case 'message-unqueued':
      return unqueue(state, decision.id, at);
    default:
      return assertNever(decision);
  }
}

/**
 * What goes when a turn is deleted: a question goes with all that was answered to it, an answer alone. What is gone already is
 * not named: it would come back with the rest.
 */
export function deletionOf(
  { messages, choices }: Pick<ChatState, 'messages' | 'choices'>,
  id: string,
): readonly string[] {
  const message = findMessage(messages, id);
  if (!message) return [];
  const ids = message.role === 'user' ? [id, ...childrenOf(messages, id).map((answer) => answer.id)] : [id];
  return ids.filter((each) => !Object.hasOwn(choices.deleted, each));
}

/** While a reply runs it is what is shown. */
function choose({ messages, reply, choices }: ChatState, id: string | undefined): Partial<ChatChoices> {
  const message = id === undefined ? undefined : findMessage(messages, id);
  if (reply || !message) return {};
  return { branches: { ...choices.branches, [placeOf(messages, message.parentId)]: message.id } };
}

/** Where something stays beside what was deleted, that is shown; and it is still shown when the deleted comes back. */
function deleteMessages(state: ChatState, ids: readonly string[], at: number): ChatState {
  const { messages, choices, reply } = state;
  const known = ids.filter((id) => findMessage(messages, id) && id !== reply?.parentId);
  if (known.length === 0) return state;
  const deleted = { ...choices.deleted, ...Object.fromEntries(known.map((id) => [id, at])) };
  const next = withChoices(state, { deleted }, at);
  const path = shownPath(messages, next.choices, reply?.id, reply?.parentId);
  const branches = { ...choices.branches };
  for (const id of known) {
    const place = placeOf(messages, findMessage(messages, id)?.parentId ?? null);
    const beside = path.find((_, index) => (path[index - 1]?.id ?? FIRST) === place);
    if (beside) branches[place] = beside.id;
  }
  return withChoices(next, { branches }, at);
}

/** What comes back is shown, unless an answer is being written. The first of them is what was deleted, the others went with it. */
function restoreMessages(state: ChatState, ids: readonly string[], at: number): ChatState {
  const { deleted } = state.choices;
  if (!ids.some((id) => Object.hasOwn(deleted, id))) return state;
  const left = Object.fromEntries(Object.entries(deleted).filter(([id]) => !ids.includes(id)));
  return withChoices(state, { deleted: left, ...choose(state, ids[0]) }, at);
}

/** One that is queued or sent already is not queued again, however often that is said. */
function queueMessage(state: ChatState, message: QueuedMessage, at: number): ChatState {
  const { queue } = state.choices;
  if (findMessage(state.messages, message.id) || queue.some(({ id }) => id === message.id)) return state;
  return withChoices(state, { queue: [...queue, message] }, at);
}

/** Without this message in the queue: it is sent, edited, or dropped. */
export function unqueue(state: ChatState, id: string, at: number): ChatState {
  const { queue } = state.choices;
  const left = queue.filter((message) => message.id !== id);
  return left.length === queue.length ? state : withChoices(state, { queue: left }, at);
}

/** What was decided later has a later time, whatever becomes of the clock. */
export function withChoices(state: ChatState, changes: Partial<ChatChoices>, at: number): ChatState {
  if (Object.keys(changes).length === 0) return state;
  return { ...state, choices: { ...state.choices, ...changes, decidedAt: Math.max(at, state.choices.decidedAt + 1) } };
}
