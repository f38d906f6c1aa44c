import { answerNothing } from '@/lib/server/answer-nothing';

export const dynamic = 'force-dynamic';

/** Every address below `/api` that is no other route's. */
export const GET = answerNothing;
export const HEAD = answerNothing;
export const POST = answerNothing;
export const PUT = answerNothing;
export const PATCH = answerNothing;
export const DELETE = answerNothing;
export const OPTIONS = answerNothing;
