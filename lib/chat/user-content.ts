import type { Attachment } from './attachment';
import type { UserMessage } from './chat-state';

/** A part of what Claude is told: a text, or a file whose content is put in when the request leaves. */
export type TurnPart =
  | { readonly type: 'text'; readonly text: string }
  /** `isEarlier`: of a question that brought no answer, before the one that is asked. */
  | { readonly type: 'attachment'; readonly attachment: Attachment; readonly isEarlier?: true };

/** One turn of a request. It is the same from request to request, so that Claude's cache knows what it has read. */
export type RequestTurn = { readonly role: 'user' | 'assistant'; readonly content: string | readonly TurnPart[] };

/** The questions that are told as one turn: files first, as Claude reads them best, then all their words. */
export function toUserContent(
  questions: readonly UserMessage[],
  isLeft: (question: UserMessage) => boolean,
): RequestTurn['content'] {
  const files = questions.flatMap((question) =>
    (isLeft(question) ? [] : (question.attachments ?? [])).map((attachment): TurnPart => {
      return { type: 'attachment', attachment, ...(question !== questions.at(-1) && { isEarlier: true }) };
    }),
  );
  const text = questions
    .flatMap((question) => [...(isLeft(question) ? namesOf(question) : []), question.text])
    .filter((words) => words.trim() !== '')
    .join('\n\n');
  if (files.length === 0) return text;
  return text === '' ? files : [...files, { type: 'text', text }];
}

/** Tells whose files are only named: those of all messages before the last one that left them behind. */
export function leftFilesOf(messages: readonly { readonly role: string }[]): (message: UserMessage) => boolean {
  const from = messages.findLastIndex((message) => 'leavesFiles' in message && message.leavesFiles === true);
  const left = new Set(messages.slice(0, Math.max(0, from)));
  return (message) => left.has(message);
}

function namesOf({ attachments = [] }: UserMessage): readonly string[] {
  return attachments.map(({ name }) => `[${name}, not sent again]`);
}
