import 'server-only';
import { ChatError, type ErrorCode } from '@/lib/protocol/chat-error';
import { getConfig } from './config';
import { type Count, type Counter, type CreateCounter, createCounter } from './counter';

const A_MINUTE_SECONDS = 60;
const A_DAY_SECONDS = 86_400;

/** The key of what all callers share. */
const ALL = 'all';

export type QuotaLimits = {
  readonly perMinute: number;
  readonly perMinuteTotal: number;
  readonly tokensPerDay?: number | undefined;
  readonly tokensPerDayTotal?: number | undefined;
};

/** Tokens that are set aside for a reply until it is known how many it took. */
export type Reservation = {
  /** Counts these instead. Once. */
  readonly settle: (tokens: number) => Promise<void>;
};

/**
 * How often callers may begin a reply, and how many tokens they may spend: each of them, and all together. What is counted is
 * counted before the reply begins, so that many that begin at once are not all told that there is room.
 */
export class Quota {
  readonly #requests: Counter;
  readonly #allRequests: Counter;
  readonly #tokens: readonly { readonly counter: Counter; readonly isShared: boolean }[];

  constructor(limits: QuotaLimits, create: CreateCounter = createCounter) {
    this.#requests = create('requests', limits.perMinute, A_MINUTE_SECONDS);
    this.#allRequests = create('all-requests', limits.perMinuteTotal, A_MINUTE_SECONDS);
    const daily = (name: string, limit: number | undefined, isShared: boolean) =>
      limit === undefined ? [] : [{ counter: create(name, limit, A_DAY_SECONDS), isShared }];
    this.#tokens = [
      ...daily('tokens', limits.tokensPerDay, false),
      ...daily('all-tokens', limits.tokensPerDayTotal, true),
    ];
  }

  /**
   * Counts a request, and says in `headers` how many are left (draft-ietf-httpapi-ratelimit-headers). Throws
   * `too_many_requests`.
   */
  async countRequest(account: string, headers: Headers): Promise<void> {
    const { limit, windowSeconds } = this.#requests;
    const count = await this.#requests.add(account);
    headers.set('RateLimit-Policy', `"replies";q=${limit};w=${windowSeconds}`);
    headers.set('RateLimit', `"replies";r=${count.left};t=${toSeconds(count.resetMs)}`);
    requireRoom(count, 'too_many_requests');
    // Only now: who asks too often by themselves takes nothing from the others.
    requireRoom(await this.#allRequests.add(ALL), 'too_many_requests');
  }

  /** Sets tokens aside. Throws `budget_exhausted`, and has set none aside then. */
  async reserve(account: string, tokens: number): Promise<Reservation> {
    const reserved: { readonly counter: Counter; readonly key: string }[] = [];
    const settle = async (used: number) => {
      for (const { counter, key } of reserved.splice(0)) {
        if (used < tokens) await counter.takeBack(key, tokens - used);
        if (used > tokens) await counter.add(key, used - tokens);
      }
    };
    try {
      for (const { counter, isShared } of this.#tokens) {
        const key = isShared ? ALL : account;
        const count = await counter.add(key, tokens);
        reserved.push({ counter, key });
        requireRoom(count, 'budget_exhausted');
      }
    } catch (error) {
      await settle(0);
      throw error;
    }
    return { settle };
  }
}

function requireRoom({ isOver, resetMs }: Count, code: ErrorCode): void {
  if (isOver) throw new ChatError(code, { retryAfterSeconds: toSeconds(resetMs) });
}

const toSeconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000));

/** One for all routes, which are bundles of their own. */
const shared = globalThis as typeof globalThis & { rivuletQuota?: Quota };

export function getQuota(): Quota {
  shared.rivuletQuota ??= new Quota(getConfig().quota);
  return shared.rivuletQuota;
}
