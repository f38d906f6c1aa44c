import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ChatError } from '@/lib/protocol/chat-error';
import { MAX_PASSWORD_CHARS } from './access-settings';
import { getConfig } from './config';
import { passwordGrounds } from './grounds';
import { readJsonBody } from './json-body';
import { getLogger } from './log';
import { respondToAnyone } from './respond';
import { beginSession, endSession } from './session';
import { getSignInLimit } from './sign-in-limit';

/** The longest password with each of its characters escaped. Whoever sends this has not signed in. */
const MAX_BODY_BYTES = 10_000;

const schema = z.strictObject({ password: z.string().max(MAX_PASSWORD_CHARS) });

/** Answers `POST /api/session`: a session for a password that counts. Never rejects. */
export function answerSignIn(request: Request): Promise<Response> {
  return respondToAnyone(request, async ({ address, requestId, headers }) => {
    const { success, data } = schema.safeParse(await readJsonBody(request, MAX_BODY_BYTES).catch(refuse));
    if (!success) throw new ChatError('invalid_request', { detail: 'password: must be a text.' });
    await getSignInLimit().countTry(address);
    const password = findPassword(data.password, getConfig().passwords);
    if (password === undefined) throw new ChatError('wrong_password');
    await getSignInLimit().takeBack(address);
    headers.append('Set-Cookie', await beginSession({ grounds: passwordGrounds(password), subject: null }));
    getLogger().info({ requestId, address }, 'signed in');
    return new Response(null, { status: 204 });
  });
}

/** Answers `DELETE /api/session`: the browser forgets it. Never rejects. */
export function answerSignOut(request: Request): Promise<Response> {
  return respondToAnyone(request, async ({ headers }) => {
    headers.append('Set-Cookie', endSession());
    return new Response(null, { status: 204 });
  });
}

/** What is longer than any password is none, and not too long a message. */
function refuse(error: unknown): never {
  const isLong = error instanceof ChatError && error.code === 'request_too_large';
  throw isLong ? new ChatError('invalid_request', { detail: 'password: is too long.' }) : error;
}

/** Compares each of them to its end, so that the time it takes tells nothing. */
function findPassword(given: string, passwords: readonly string[]): string | undefined {
  const digest = digestOf(given);
  return passwords.filter((password) => timingSafeEqual(digestOf(password), digest))[0];
}

/** Digests are of one length, whatever they are made of. */
const digestOf = (text: string) => createHash('sha256').update(text).digest();
