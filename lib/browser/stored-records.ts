import type { Attachment } from '@/lib/chat/attachment';
import { type ChatChoices, NO_CHOICES, type QueuedMessage, type ReplyEnd } from '@/lib/chat/chat-state';
import type { Chat, StoredChat, StoredMessage, StoredReply } from '@/lib/chat/history';
import type { Prompt } from '@/lib/chat/prompts';
import { isWireError, type WireError } from '@/lib/protocol/chat-error';
import type { ContentPart } from '@/lib/protocol/content';
import type { Timing, Usage } from '@/lib/protocol/reply-event';
import type { ChatChange } from './chat-store';
import {
  fieldsOf,
  type Guard,
  isBoolean,
  isNumber,
  isOneOf,
  isSeq,
  isSettings,
  isText,
  isTime,
  listOf,
  optional,
  orNull,
  recordOf,
} from './guards';

/** A chat as it is kept: one that was deleted, and can still be restored, says since when. */
export type ChatRecord = Chat & { readonly deletedAt?: number | undefined };
export type DraftRecord = {
  readonly chatId: string;
  readonly text: string;
  readonly attachments?: readonly Attachment[] | undefined;
};
/**
 * `unsentSince`, in milliseconds: no message names it yet, or any more. Whoever takes it out of a draft leaves it behind;
 * `isDropped`: what it waited with was dropped, which can be undone for a while.
 */
export type FileRecord = {
  readonly id: string;
  readonly chatId: string;
  readonly blob: Blob;
  readonly unsentSince?: number | undefined;
  readonly isDropped?: boolean | undefined;
};
export type SettingRecord = { readonly name: string; readonly value: string };

type StoredUserMessage = Extract<StoredMessage, { role: 'user' }>;
type StoredAssistantMessage = Extract<StoredMessage, { role: 'assistant' }>;
type End<Status extends ReplyEnd['status']> = Extract<ReplyEnd, { status: Status }>;

const isPart = fieldsOf<ContentPart>({ type: isOneOf('thinking', 'text'), text: isText });
const isUsage = fieldsOf<Usage>({
  inputTokens: isNumber,
  outputTokens: isNumber,
  cacheReadTokens: isNumber,
  cacheWriteTokens: isNumber,
  thinkingTokens: optional(isNumber),
});
const isTiming = fieldsOf<Timing>({ firstTokenMs: orNull(isNumber), totalMs: isNumber });
const hasErrorFields = fieldsOf<Pick<WireError, 'retryable' | 'retryAfterSeconds'>>({
  retryable: isBoolean,
  retryAfterSeconds: optional(isNumber),
});
const isError: Guard<WireError> = (value): value is WireError => isWireError(value) && hasErrorFields(value);

const isComplete = fieldsOf<End<'complete'>>({
  status: isOneOf('complete'),
  stopReason: isText,
  usage: isUsage,
  timing: isTiming,
});
const isStopped = fieldsOf<End<'stopped'>>({ status: isOneOf('stopped'), usage: optional(isUsage) });
const isBroken = fieldsOf<End<'interrupted' | 'failed'>>({
  status: isOneOf('interrupted', 'failed'),
  error: isError,
  retryAt: orNull(isTime),
});
const isEnd: Guard<ReplyEnd> = (value): value is ReplyEnd => isComplete(value) || isStopped(value) || isBroken(value);

const isAttachment = fieldsOf<Attachment>({
  id: isText,
  kind: isOneOf('image', 'pdf', 'text'),
  name: isText,
  mediaType: isText,
  bytes: isNumber,
  sentBytes: isNumber,
  width: optional(isNumber),
  height: optional(isNumber),
});

const isUserMessage = fieldsOf<StoredUserMessage>({
  id: isText,
  role: isOneOf('user'),
  text: isText,
  attachments: optional(listOf(isAttachment)),
  leavesFiles: optional(isBoolean),
  chatId: isText,
  parentId: orNull(isText),
  createdAt: isTime,
});
const isAssistantMessage = fieldsOf<StoredAssistantMessage>({
  id: isText,
  role: isOneOf('assistant'),
  content: listOf(isPart),
  thinkingMs: orNull(isNumber),
  model: optional(isText),
  end: isEnd,
  chatId: isText,
  parentId: orNull(isText),
  createdAt: isTime,
});

const CHOICES: { readonly [Key in keyof ChatChoices]: Guard<ChatChoices[Key]> } = {
  decidedAt: isTime,
  branches: recordOf(isText),
  deleted: recordOf(isTime),
  settings: isSettings,
  queue: listOf(
    fieldsOf<QueuedMessage>({
      id: isText,
      text: isText,
      settings: isSettings,
      attachments: optional(listOf(isAttachment)),
      leavesFiles: optional(isBoolean),
    }),
  ),
};

const hasChatFields = fieldsOf<Omit<ChatRecord, 'choices' | 'hasOwnTitle'>>({
  id: isText,
  title: isText,
  createdAt: isTime,
  updatedAt: isTime,
  deletedAt: optional(isTime),
});

/**
 * The chat of a record; undefined where it is none. What was decided about a chat is less than the chat: what is damaged of
 * it was not decided.
 */
export function findChatRecord(value: unknown): ChatRecord | undefined {
  if (!hasChatFields(value)) return undefined;
  // Where nothing is said of its title, somebody may have given it.
  const hasOwnTitle = Reflect.get(value, 'hasOwnTitle') !== false;
  return { ...value, hasOwnTitle, choices: readChoices(Reflect.get(value, 'choices')) };
}

function readChoices(value: unknown): ChatChoices {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const isReadable = ([key, field]: [string, unknown]) =>
    Object.hasOwn(CHOICES, key) && CHOICES[key as keyof ChatChoices](field);
  return { ...NO_CHOICES, ...(Object.fromEntries(fields.filter(isReadable)) as Partial<ChatChoices>) };
}

/** Whether a record holds everything that a reader of it relies on. */
export const isStoredMessage: Guard<StoredMessage> = (value): value is StoredMessage =>
  isUserMessage(value) || isAssistantMessage(value);

export const isStoredReply = fieldsOf<StoredReply>({
  id: isText,
  content: listOf(isPart),
  settings: isSettings,
  model: optional(isText),
  lastSeq: isSeq,
  isResumable: orNull(isBoolean),
  connection: isOneOf('open', 'lost', 'stopping'),
  startedAt: isTime,
  heardAt: isTime,
  thinkingSince: orNull(isTime),
  thinkingMs: orNull(isNumber),
  chatId: isText,
  parentId: isText,
});

export const isDraftRecord = fieldsOf<DraftRecord>({
  chatId: isText,
  text: isText,
  attachments: optional(listOf(isAttachment)),
});
export const isFileRecord = fieldsOf<FileRecord>({
  id: isText,
  chatId: isText,
  blob: (value): value is Blob => value instanceof Blob,
  unsentSince: optional(isTime),
  isDropped: optional(isBoolean),
});
export const isPrompt = fieldsOf<Prompt>({ id: isText, name: isText, text: isText });
export const isSettingRecord = fieldsOf<SettingRecord>({ name: isText, value: isText });

/** The readable records that are chats to show, in their order. */
export function shownChats(records: readonly unknown[]): readonly ChatRecord[] {
  return records.flatMap((record) => findChatRecord(record) ?? []).filter(({ deletedAt }) => deletedAt === undefined);
}

/**
 * The chat after a change; null where the change is to be left out, because the chat is deleted: also long ago, so that
 * nothing is left of it, for only a whole conversation begins a chat. What was stored, itself, where it stays as it is. Only
 * messages make a chat newer: the checkpoints of a running reply must not reorder the list.
 */
export function chatAfter(change: ChatChange, stored: ChatRecord | undefined): ChatRecord | null {
  const { chatId: id, title, at, choices, messages, isWhole } = change;
  if (!stored) {
    if (!isWhole || messages.length === 0) return null;
    return { id, title, hasOwnTitle: false, createdAt: at, updatedAt: at, choices };
  }
  if (stored.deletedAt !== undefined) return null;
  if (messages.length === 0 && choices.decidedAt === stored.choices.decidedAt) return stored;
  const updatedAt = messages.length === 0 ? stored.updatedAt : at;
  // A tab that was frozen may come late with what was decided before.
  if (choices.decidedAt < stored.choices.decidedAt) return { ...stored, updatedAt };
  return { ...stored, title: stored.hasOwnTitle ? stored.title : title, choices, updatedAt };
}

/** Puts chats together with what belongs to them, their messages oldest first. */
export function assembleChats(
  chats: readonly Chat[],
  messages: readonly StoredMessage[],
  replies: readonly StoredReply[],
): readonly StoredChat[] {
  const messagesOf = new Map(chats.map(({ id }): [string, StoredMessage[]] => [id, []]));
  for (const message of messages) messagesOf.get(message.chatId)?.push(message);
  const replyOf = new Map(replies.map((reply) => [reply.chatId, reply]));
  return chats.map((chat) => ({
    chat,
    messages: (messagesOf.get(chat.id) ?? []).toSorted((one, other) => one.createdAt - other.createdAt),
    reply: replyOf.get(chat.id) ?? null,
  }));
}

/** The turns of a chat that were deleted before this time. */
export function deletedBefore({ choices }: ChatRecord, before: number): readonly string[] {
  return Object.entries(choices.deleted).flatMap(([id, at]) => (at < before ? id : []));
}

/** Whether a turn is stored as it is, and stays so. One that was brought back when its words were erased already is not. */
export function isKept(stored: StoredMessage | undefined, { choices }: Pick<ChatChange, 'choices'>): boolean {
  return stored !== undefined && (hasWords(stored) || Object.hasOwn(choices.deleted, stored.id));
}

export function hasWords(message: StoredMessage): boolean {
  if (message.role === 'assistant') return message.content.length > 0;
  return message.text !== '' || (message.attachments?.length ?? 0) > 0;
}

/** What stays of a deleted turn, for what stands behind it. */
export function withoutWords(message: StoredMessage): StoredMessage {
  if (message.role === 'assistant') return { ...message, content: [] };
  const { attachments: _, ...rest } = message;
  return { ...rest, text: '' };
}
