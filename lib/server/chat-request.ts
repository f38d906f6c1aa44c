import 'server-only';
import { z } from 'zod';
import { ChatError } from '@/lib/protocol/chat-error';
import { type ChatRequest, DOCUMENT_TYPES, IMAGE_TYPES } from '@/lib/protocol/chat-request';
import { EFFORTS } from '@/lib/protocol/models';
import { requireRealFiles } from './attached-files';

/** More turns than a person has; below it the body's size is the limit. */
const MAX_MESSAGES = 2000;

/** Of one message: more files than fit into a body, and the questions without an answer that are told with it. */
const MAX_BLOCKS = 1000;

/** A field that is not known is named in the error, and its name is the client's. */
const MAX_DETAIL_CHARS = 200;

/** Whether a reply can have this name: url-safe, and at least 128 random bits. */
export const isReplyId = (name: string) => /^[A-Za-z0-9_-]{22,128}$/.test(name);

/** Half a character is none, and may not leave for Claude as what it was not: it becomes U+FFFD here, once. */
const text = z
  .string()
  .refine((value) => value.trim() !== '', 'must not be empty')
  .transform((value) => value.toWellFormed());

/** The longest name of a file on the usual file systems. */
const MAX_NAME_CHARS = 255;

const textBlock = z.strictObject({ type: z.literal('text'), text });

const userBlock = z.discriminatedUnion('type', [
  textBlock,
  z.strictObject({ type: z.literal('image'), mediaType: z.enum(IMAGE_TYPES), data: z.string() }),
  z.strictObject({
    type: z.literal('document'),
    mediaType: z.enum(DOCUMENT_TYPES),
    data: z.string(),
    name: z.string().max(MAX_NAME_CHARS).pipe(text).optional(),
  }),
]);

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content: z.union([text, z.array(userBlock).min(1).max(MAX_BLOCKS)]) }),
  z.strictObject({ role: z.literal('assistant'), content: z.union([text, z.array(textBlock).min(1).max(MAX_BLOCKS)]) }),
]);

const schema = z.strictObject({
  replyId: z.string().refine(isReplyId, 'must be 22 to 128 url-safe characters').optional(),
  messages: z.array(z.unknown()).min(1).max(MAX_MESSAGES),
  model: z.string().optional(),
  system: text.optional(),
  thinking: z.boolean().optional(),
  effort: z.enum(EFFORTS).optional(),
  maxTokens: z.int().positive().optional(),
});

/**
 * Checks a body against the contract; unknown fields are refused, and files that are not what they say. Throws
 * `invalid_request` naming the first problem.
 */
export function parseChatRequest(body: unknown): ChatRequest {
  const asked = check(schema, body);
  // One by one: a body has room for a million wrong ones, and to describe what is wrong with each takes seconds.
  const messages = asked.messages.map((each, at) => check(message, each, ['messages', at]));
  if (messages.at(0)?.role !== 'user') throw refusal({ path: ['messages'], message: 'must begin with the user' });
  if (messages.at(-1)?.role !== 'user') throw refusal({ path: ['messages'], message: 'must end with the user' });
  requireRealFiles(messages);
  return { ...asked, messages };
}

function check<Checked>(expected: z.ZodType<Checked>, value: unknown, at: readonly PropertyKey[] = []): Checked {
  const result = expected.safeParse(value);
  if (result.success) return result.data;
  const { path, message: problem } = deepest(result.error.issues[0]);
  throw refusal({ path: [...at, ...path], message: problem });
}

function refusal({ path, message: problem }: Problem): ChatError {
  const detail = `${path.length > 0 ? `${path.join('.')}: ` : ''}${problem}`;
  return new ChatError('invalid_request', { detail: `${detail.slice(0, MAX_DETAIL_CHARS)}.` });
}

type Problem = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Of a content that is neither a text nor blocks, what is wrong in the form that it comes nearer to. */
function deepest(issue: z.core.$ZodIssue | undefined): Problem {
  if (!issue) return { path: [], message: 'not a chat request' };
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.map(([first]) => deepest(first)).toSorted((a, b) => b.path.length - a.path.length)[0];
  return inner && inner.path.length > 0 ? { ...inner, path: [...issue.path, ...inner.path] } : issue;
}
