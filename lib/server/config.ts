import 'server-only';
import { z } from 'zod';
import { accessOf, consent, passwordList } from './access-settings';
import { isLoopbackName } from './loopback';
import { hasEachOnce, isOffered, modelList, notOffered } from './model-settings';
import { CURRENT_MODELS, SMALL_MODEL } from './models';
import { invitationList, isOpenToAll, issuerUrl, originUrl, providerOf } from './provider-settings';

const number = () => z.coerce.number({ error: 'must be a number' });

// Not `int()`, which keeps the checks of the whole from being made, so that one start would not tell all problems.
const count = () => number().positive('must be more than 0').refine(Number.isSafeInteger, 'must be a whole number');

const A_DAY_SECONDS = 86_400;

const upToADay = () => number().max(A_DAY_SECONDS, `must be at most ${A_DAY_SECONDS}`);

const seconds = (fallback: number) => upToADay().positive('must be more than 0').default(fallback);

/** What the route of the chat declares to the platform as its `maxDuration`; a test holds the two together. */
const VERCEL_MAX_DURATION = '300';

/** A reply ends this long before the platform would cut it, so that its reader is told; half of a very short time. */
const PLATFORM_MARGIN_SECONDS = 10;

/** Of one reply: many times what a model can say, so that only a faulty upstream meets it. */
const MAX_REPLY_BYTES = 16_000_000;

/** Of all replies that run. */
const MAX_RUNNING_BYTES = 256_000_000;

/** Of all replies that are over and wait for a late reader. */
const MAX_KEPT_BYTES = 64_000_000;

/** Connections to one reply: tabs, and what is left of connections that have died unnoticed. */
const MAX_READERS = 16;

/** Goes into a header as it is. A newline at its end is a habit of secret stores. */
const secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'has characters that no key has; was the placeholder pasted?');

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), 'must not hold a user or a password')
  .refine((url) => !/\/v1\/?$/.test(url), 'must not end with /v1: the path of the API is added');

/** Every setting of the server, by its name in the environment. The README's table lists the same names. */
export const SETTINGS = z
  .object({
    ANTHROPIC_API_KEY: secret.optional(),
    ANTHROPIC_AUTH_TOKEN: secret.optional(),
    ANTHROPIC_BASE_URL: baseUrl.optional(),
    MODELS: modelList.refine(hasEachOnce, 'names a model twice').optional(),
    DEFAULT_MODEL: z.string().optional(),
    TITLE_MODEL: z.string().optional(),
    SYSTEM_PROMPT: z.string().optional(),
    MAX_OUTPUT_TOKENS: count().default(8192),
    FIRST_BYTE_TIMEOUT_SECONDS: seconds(60),
    STALL_TIMEOUT_SECONDS: seconds(30),
    OUTPUT_TIMEOUT_SECONDS: seconds(300),
    MAX_REPLY_SECONDS: seconds(900),
    MAX_DURATION_SECONDS: upToADay().positive('must be more than 0').optional(),
    REPLY_GRACE_SECONDS: upToADay().nonnegative('must not be less than 0').default(30),
    REPLY_TTL_SECONDS: upToADay().nonnegative('must not be less than 0').default(600),
    MAX_CONCURRENT_REPLIES: count().default(4),
    MAX_CONCURRENT_REPLIES_TOTAL: count().default(2000),
    RATE_LIMIT_PER_MINUTE: count().default(20),
    RATE_LIMIT_PER_MINUTE_TOTAL: count().default(600),
    TOKENS_PER_DAY: count().optional(),
    TOKENS_PER_DAY_TOTAL: count().optional(),
    ACCESS_PASSWORD: passwordList.optional(),
    OIDC_ISSUER: issuerUrl.optional(),
    OIDC_CLIENT_ID: z.string().trim().optional(),
    OIDC_CLIENT_SECRET: secret.optional(),
    OIDC_ALLOWED_EMAILS: invitationList.optional(),
    PUBLIC_URL: originUrl.optional(),
    ALLOW_PUBLIC: consent.default(false),
    SESSION_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
    TRUST_PROXY: number()
      .nonnegative('must not be less than 0')
      .refine(Number.isSafeInteger, 'must be a whole number')
      .default(0),
    HOST: z.string().trim().default('127.0.0.1'),
    VERCEL: z.string().optional(),
    DRAIN_SECONDS: upToADay().nonnegative('must not be less than 0').default(25),
    REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis(s) address' }).optional(),
    LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  })
  .refine(({ ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN }) => !(ANTHROPIC_API_KEY && ANTHROPIC_AUTH_TOKEN), {
    path: ['ANTHROPIC_AUTH_TOKEN'],
    error: 'is set beside ANTHROPIC_API_KEY; set one of the two',
    when: () => true,
  })
  .refine((env) => accessOf(env) !== 'local' || isLoopbackName(env.HOST), {
    path: ['HOST'],
    error:
      'is an address that others reach, who would spend the key: set ACCESS_PASSWORD or OIDC_ISSUER, or ALLOW_PUBLIC=1 if meant',
    when: () => true,
  })
  .refine(({ OIDC_ISSUER, OIDC_CLIENT_ID }) => !OIDC_ISSUER || OIDC_CLIENT_ID, {
    path: ['OIDC_CLIENT_ID'],
    error: 'must be set beside OIDC_ISSUER: the name that the provider has given to this chat',
    when: () => true,
  })
  .refine(({ OIDC_ISSUER, PUBLIC_URL }) => !OIDC_ISSUER || PUBLIC_URL, {
    path: ['PUBLIC_URL'],
    error: 'must be set beside OIDC_ISSUER: the provider sends people back to it',
    when: () => true,
  })
  .refine((env) => env.OIDC_ISSUER || !(env.OIDC_CLIENT_ID || env.OIDC_CLIENT_SECRET || env.OIDC_ALLOWED_EMAILS), {
    path: ['OIDC_ISSUER'],
    error: 'must be set where another setting of OIDC is',
    when: () => true,
  })
  .refine(({ OIDC_ISSUER, OIDC_ALLOWED_EMAILS }) => !isOpenToAll(OIDC_ISSUER) || OIDC_ALLOWED_EMAILS, {
    path: ['OIDC_ALLOWED_EMAILS'],
    error:
      'must be set with this OIDC_ISSUER, where everybody has an account: to addresses, or to a domain like @example.com',
    when: () => true,
  })
  .refine(({ VERCEL, SESSION_SECRET, ...env }) => !VERCEL || SESSION_SECRET || accessOf(env) !== 'members', {
    path: ['SESSION_SECRET'],
    error: 'must be set on Vercel, where a sign-in has to count on every instance',
    when: () => true,
  })
  .refine(({ DEFAULT_MODEL, MODELS }) => isOffered(DEFAULT_MODEL, MODELS), notOffered('DEFAULT_MODEL'))
  .refine(({ TITLE_MODEL, MODELS }) => isOffered(TITLE_MODEL, MODELS), notOffered('TITLE_MODEL'))
  .transform((env) => {
    const models = env.MODELS ?? CURRENT_MODELS;
    const defaultModel = env.DEFAULT_MODEL ?? models[0]?.id ?? '';
    const platformSeconds = env.MAX_DURATION_SECONDS ?? Number.POSITIVE_INFINITY;
    const marginSeconds = Math.min(PLATFORM_MARGIN_SECONDS, platformSeconds / 2);
    return {
      mode: env.ANTHROPIC_API_KEY || env.ANTHROPIC_AUTH_TOKEN ? ('live' as const) : ('demo' as const),
      claude: { apiKey: env.ANTHROPIC_API_KEY, authToken: env.ANTHROPIC_AUTH_TOKEN, baseUrl: env.ANTHROPIC_BASE_URL },
      models,
      defaultModel,
      titleModel: env.TITLE_MODEL ?? models.find(({ id }) => id === SMALL_MODEL)?.id ?? defaultModel,
      systemPrompt: env.SYSTEM_PROMPT,
      maxOutputTokens: env.MAX_OUTPUT_TOKENS,
      limits: {
        firstByteMs: env.FIRST_BYTE_TIMEOUT_SECONDS * 1000,
        stallMs: env.STALL_TIMEOUT_SECONDS * 1000,
        outputMs: env.OUTPUT_TIMEOUT_SECONDS * 1000,
        replyMs: Math.min(env.MAX_REPLY_SECONDS, platformSeconds - marginSeconds) * 1000,
      },
      replies: {
        graceMs: env.REPLY_GRACE_SECONDS * 1000,
        ttlMs: env.REPLY_TTL_SECONDS * 1000,
        maxRunningPerCaller: env.MAX_CONCURRENT_REPLIES,
        maxRunning: env.MAX_CONCURRENT_REPLIES_TOTAL,
        maxReaders: MAX_READERS,
        maxBytes: MAX_REPLY_BYTES,
        maxRunningBytes: MAX_RUNNING_BYTES,
        maxKeptBytes: MAX_KEPT_BYTES,
      },
      access: accessOf(env),
      passwords: env.ACCESS_PASSWORD ?? [],
      provider: providerOf(env),
      sessionSecret: env.SESSION_SECRET,
      quota: {
        perMinute: env.RATE_LIMIT_PER_MINUTE,
        perMinuteTotal: env.RATE_LIMIT_PER_MINUTE_TOTAL,
        tokensPerDay: env.TOKENS_PER_DAY,
        tokensPerDayTotal: env.TOKENS_PER_DAY_TOTAL,
      },
      trustedProxies: env.TRUST_PROXY,
      redisUrl: env.REDIS_URL,
      drainMs: env.DRAIN_SECONDS * 1000,
      logLevel: env.LOG_LEVEL,
    };
  });

/** The checked settings. Times are in milliseconds. Holds secrets: it never leaves the server. */
export type Config = z.output<typeof SETTINGS>;

/** All problems of the environment at once, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads and checks the settings; an empty variable counts as unset. Throws `ConfigError`. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  if (given.VERCEL) {
    given.MAX_DURATION_SECONDS ??= VERCEL_MAX_DURATION;
    // A reader who comes back reaches another instance, which knows nothing of the reply.
    given.REPLY_GRACE_SECONDS ??= '0';
    // The platform's own edge, which lets nothing of a client's header through.
    given.TRUST_PROXY ??= '1';
  }
  const result = SETTINGS.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`Rivulet cannot start with these settings:\n${problems.join('\n')}`);
}

/** Whether people use this server, rather than those who develop it. The platform says so, not the operator. */
export const IS_PRODUCTION = process.env.NODE_ENV === 'production';

let config: Config | undefined;

/** The settings of this process, read once. Throws `ConfigError`. */
export function getConfig(): Config {
  config ??= parseConfig(process.env);
  return config;
}
