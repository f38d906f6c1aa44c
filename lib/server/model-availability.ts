import 'server-only';
import { type ListedModel, listClaudeModels } from './claude-models';
import { getConfig } from './config';
import type { ReplyLogLine } from './log';
import { undatedId } from './models';

/** A key gets access to a model, or loses it, a few times a year. */
const LIST_FRESH_MS = 600_000;

/** What a question has shown is newer than the list, and soon old itself. */
const HEARD_FRESH_MS = 300_000;

const NO_ACCESS = 'This server’s key has no access to this model.';
const RETIRED = 'Claude no longer offers this model.';
const REFUSED = 'Claude did not accept this model a few minutes ago.';

type AvailabilityWorld = {
  /** Undefined where there is nobody to ask. */
  readonly list?: (() => Promise<readonly ListedModel[]>) | undefined;
  /** The ids on offer. */
  readonly offered: readonly string[];
  /** Monotonic, in milliseconds. */
  readonly now?: () => number;
};

type HeardReply = Pick<ReplyLogLine, 'model' | 'outcome' | 'errorCode' | 'firstTokenMs'>;

/**
 * Which of the models on offer cannot be used, as far as is known: from Claude's list, asked for now and then, and from how
 * replies ended. It advises whoever chooses and stands in nobody's way: what is not known counts as available.
 */
export class ModelAvailability {
  readonly #world: Required<Pick<AvailabilityWorld, 'now'>> & AvailabilityWorld;
  readonly #heard = new Map<string, { readonly isRefused: boolean; readonly at: number }>();
  #listed: readonly ListedModel[] | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> = Promise.resolve();

  constructor(world: AvailabilityWorld) {
    this.#world = { now: () => performance.now(), ...world };
  }

  /** Asks for the list where it is old. Settles when it is there or has failed; never rejects. */
  refresh(): Promise<void> {
    const now = this.#world.now();
    if (this.#world.list && now - this.#askedAt >= LIST_FRESH_MS) {
      this.#askedAt = now;
      this.#asking = this.#ask(this.#world.list);
    }
    return this.#asking;
  }

  /** Learns from a reply that is over. */
  hear({ model, errorCode, firstTokenMs, outcome }: HeardReply): void {
    const isRefused = errorCode === 'model_unavailable';
    if (isRefused || outcome === 'complete' || firstTokenMs !== null) {
      this.#heard.set(model, { isRefused, at: this.#world.now() });
    }
  }

  /** Why a model cannot be used, in a sentence for a person; undefined where it can, or nobody knows. */
  reasonAgainst(id: string): string | undefined {
    const heard = this.#heard.get(id);
    if (heard && this.#world.now() - heard.at < HEARD_FRESH_MS) return heard.isRefused ? REFUSED : undefined;
    if (!this.#listed) return undefined;
    const model = findListed(this.#listed, id);
    if (!model) return NO_ACCESS;
    return model.isRetired ? RETIRED : undefined;
  }

  async #ask(list: () => Promise<readonly ListedModel[]>): Promise<void> {
    const listed = await list().catch(() => null);
    // A list without any of them is about something else, and would leave nothing to choose.
    this.#listed = listed && this.#world.offered.some((id) => findListed(listed, id)) ? listed : null;
  }
}

/** The list has the dated name of some models that are offered by their short one. */
function findListed(listed: readonly ListedModel[], id: string): ListedModel | undefined {
  return listed.find((model) => model.id === id || undatedId(model.id) === id);
}

/** That of this process. Every route is a bundle of its own, with its own copy of this module. */
const shared = globalThis as typeof globalThis & { rivuletAvailability?: ModelAvailability };

export function getAvailability(): ModelAvailability {
  const { mode, claude, models } = getConfig();
  shared.rivuletAvailability ??= new ModelAvailability({
    list: mode === 'live' ? () => listClaudeModels(claude) : undefined,
    offered: models.map(({ id }) => id),
  });
  return shared.rivuletAvailability;
}
