import 'server-only';
import { z } from 'zod';
import { ChatError } from '@/lib/protocol/chat-error';
import type { ChatRequest } from '@/lib/protocol/chat-request';
import { EFFORTS } from '@/lib/protocol/models';

/** More turns than a person has; below it the body's size is the limit. */
const MAX_MESSAGES = 2000;

/** A field that is not known is named in the error, and its name is the client's. */
const MAX_DETAIL_CHARS = 200;

/** Whether a reply can have this name: url-safe, and at least 128 random bits. */
export const isReplyId = (name: string) => /^[A-Za-z0-9_-]{22,128}$/.test(name);

const text = z.string().refine((value) => value.trim() !== '', 'must not be empty');

const message = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([text, z.array(z.strictObject({ type: z.literal('text'), text })).min(1)]),
});

const schema = z.strictObject({
  replyId: z.string().refine(isReplyId, 'must be 22 to 128 url-safe characters').optional(),
  messages: z
    .array(message)
    .min(1)
    .max(MAX_MESSAGES)
    .refine((messages) => messages.at(0)?.role === 'user', 'must begin with the user')
    .refine((messages) => messages.at(-1)?.role === 'user', 'must end with the user'),
  model: z.string().optional(),
  system: text.optional(),
  thinking: z.boolean().optional(),
  effort: z.enum(EFFORTS).optional(),
  maxTokens: z.int().positive().optional(),
});

/** Checks a body against the contract; unknown fields are refused. Throws `invalid_request` naming the first problem. */
export function parseChatRequest(body: unknown): ChatRequest {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  const detail = `${where}${issue?.message ?? 'not a chat request'}`;
  throw new ChatError('invalid_request', { detail: `${detail.slice(0, MAX_DETAIL_CHARS)}.` });
}
