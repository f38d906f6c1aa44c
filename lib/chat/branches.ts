import { type ChatChoices, type ChatState, FIRST, type Message } from './chat-state';

/** One turn of the path that is shown: a message, or the running reply. */
export type PathTurn = {
  readonly id: string;
  /** The turns that can be shown in its place, and itself: oldest first. */
  readonly siblingIds: readonly string[];
  /** It was deleted, and is here for what stands behind it. */
  readonly isDeleted: boolean;
};

type Turns = Pick<ChatState, 'messages' | 'reply'> & { readonly choices: Choices };
type Choices = Pick<ChatChoices, 'branches' | 'deleted'>;

/**
 * What is shown of a conversation, from its first turn on: of several turns behind the same one that which was chosen, else
 * the newest. A reply that grows changes nothing of it.
 *
 * @param replyId the running reply, behind the turn `questionId`
 */
export function shownPath(
  messages: readonly Message[],
  { branches, deleted }: Choices,
  replyId?: string,
  questionId?: string,
): readonly PathTurn[] {
  const gone = goneIds(messages, deleted);
  const path: PathTurn[] = [];
  for (let parentId: string | null = null; ; ) {
    const siblings: readonly Message[] = childrenOf(messages, parentId).filter((message) => !gone.has(message.id));
    const ids = siblings.map((message) => message.id);
    if (replyId !== undefined && questionId === parentId) ids.push(replyId);
    const chosenId: string | undefined = branches[parentId ?? FIRST];
    const id: string | undefined = ids.find((each) => each === chosenId) ?? ids.at(-1);
    if (id === undefined) return path;
    const empty = new Set(siblings.filter((message) => isEmpty(messages, message)).map((message) => message.id));
    const siblingIds = ids.filter((each) => each === id || !empty.has(each));
    path.push({ id, siblingIds, isDeleted: Object.hasOwn(deleted, id) });
    parentId = id;
  }
}

const pathOfState = ({ messages, choices, reply }: Turns) => shownPath(messages, choices, reply?.id, reply?.parentId);

/** The finished turns of the path that is shown, without those that were deleted. */
export function shownMessages(state: Turns): readonly Message[] {
  return pathOfState(state).flatMap(({ id, isDeleted }) => (isDeleted ? [] : (findMessage(state.messages, id) ?? [])));
}

/** The turns from the first one to this one, both included, without those that were deleted. */
export function messagesTo({ messages, choices }: Turns, id: string | null): readonly Message[] {
  const { byId } = indexOf(messages);
  const line: Message[] = [];
  const seen = new Set<string>();
  for (let next = id; next !== null && !seen.has(next); ) {
    const message = byId.get(next);
    if (!message) break;
    seen.add(next);
    if (!Object.hasOwn(choices.deleted, next)) line.unshift(message);
    next = message.parentId;
  }
  return line;
}

/** The turn behind which the next one stands; null in an empty conversation. */
export function endOf(state: Turns): string | null {
  return pathOfState(state).at(-1)?.id ?? null;
}

export function findMessage(messages: readonly Message[], id: string): Message | undefined {
  return indexOf(messages).byId.get(id);
}

/** The turns right behind this one, oldest first; behind null, the first ones, and those whose parent is missing. */
export function childrenOf(messages: readonly Message[], parentId: string | null): readonly Message[] {
  return indexOf(messages).children.get(parentId) ?? [];
}

/** The turns right behind the same one as this, itself included, oldest first. */
export function siblingsOf(messages: readonly Message[], { parentId }: Pick<Message, 'parentId'>): readonly Message[] {
  return childrenOf(messages, parentId !== null && findMessage(messages, parentId) ? parentId : null);
}

/** The name of the place behind a turn, for what was chosen there. A turn that is missing is none. */
export function placeOf(messages: readonly Message[], parentId: string | null): string {
  return parentId !== null && indexOf(messages).byId.has(parentId) ? parentId : FIRST;
}

/** An attempt that failed before its first word is no branch, unless something stands behind it. */
function isEmpty(messages: readonly Message[], { id, ...message }: Message): boolean {
  return message.role === 'assistant' && message.content.length === 0 && childrenOf(messages, id).length === 0;
}

/** The deleted turns that nothing stands behind any more. */
function goneIds(messages: readonly Message[], deleted: ChatChoices['deleted']): ReadonlySet<string> {
  const gone = new Set(Object.keys(deleted));
  if (gone.size === 0) return gone;
  const { byId } = indexOf(messages);
  const seen = new Set<string>();
  for (const message of messages) {
    if (Object.hasOwn(deleted, message.id)) continue;
    for (let id: string | null = message.parentId; id !== null && !seen.has(id); id = byId.get(id)?.parentId ?? null) {
      seen.add(id);
      gone.delete(id);
    }
  }
  return gone;
}

type Index = {
  readonly byId: ReadonlyMap<string, Message>;
  readonly children: ReadonlyMap<string | null, readonly Message[]>;
};

/** A conversation is walked with every delta of its reply, and its messages are the same meanwhile. */
const indexes = new WeakMap<readonly Message[], Index>();

function indexOf(messages: readonly Message[]): Index {
  const known = indexes.get(messages);
  if (known) return known;
  const byId = new Map(messages.map((message) => [message.id, message]));
  const children = new Map<string | null, Message[]>();
  for (const message of messages) {
    const { parentId } = message;
    const place = parentId !== null && byId.has(parentId) ? parentId : null;
    const siblings = children.get(place);
    if (siblings) siblings.push(message);
    else children.set(place, [message]);
  }
  const index = { byId, children };
  indexes.set(messages, index);
  return index;
}
