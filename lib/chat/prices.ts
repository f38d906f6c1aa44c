/** US dollars for a million tokens. `cacheWrite` is for the cache of five minutes, the one that we ask for. */
export type Prices = {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
};

/** The prices of a model, and others for a whole request whose prompt has more tokens, those of the cache included. */
export type PriceList = Prices & { readonly longPrompt?: Prices & { readonly aboveTokens: number } };

const perMillion = (input: number, output: number, cacheRead: number, cacheWrite: number): Prices => ({
  input,
  output,
  cacheRead,
  cacheWrite,
});

const FABLE_5_2 = perMillion(8, 40, 0.2, 10);
const FABLE_5_1 = perMillion(10, 50, 0.25, 12.5);
const FABLE_5 = perMillion(10, 50, 1, 12.5);
const OPUS_UP_TO_5 = perMillion(5, 25, 0.5, 6.25);

/** Claude's list prices by the names of its models (platform.claude.com, Pricing, as of 9 November 2026). */
const PRICES: Readonly<Record<string, PriceList>> = {
  'claude-fable-5-2': FABLE_5_2,
  'claude-mythos-5-2': FABLE_5_2,
  'claude-fable-5-1': FABLE_5_1,
  'claude-mythos-5-1': FABLE_5_1,
  'claude-fable-5': FABLE_5,
  'claude-mythos-5': FABLE_5,
  'claude-opus-5-5': perMillion(4, 20, 0.2, 5),
  'claude-opus-5': OPUS_UP_TO_5,
  'claude-opus-4-8': OPUS_UP_TO_5,
  'claude-opus-4-7': OPUS_UP_TO_5,
  'claude-opus-4-6': OPUS_UP_TO_5,
  'claude-opus-4-5': OPUS_UP_TO_5,
  'claude-sonnet-5-5': perMillion(2, 10, 0.1, 2.5),
  'claude-sonnet-5': perMillion(2, 10, 0.2, 2.5),
  'claude-sonnet-4-6': perMillion(3, 15, 0.3, 3.75),
  'claude-haiku-5-5': {
    ...perMillion(0.1, 0.5, 0.01, 0.125),
    longPrompt: { aboveTokens: 100_000, ...perMillion(0.5, 2.5, 0.05, 0.625) },
  },
  'claude-haiku-4-5': perMillion(1, 5, 0.1, 1.25),
};

/** The prices of a model, also by its name with a date; null where they are not known, as of another provider. */
export function pricesOf(modelId: string): PriceList | null {
  const id = modelId.replace(/-20\d{6}$/, '');
  return Object.hasOwn(PRICES, id) ? (PRICES[id] ?? null) : null;
}
