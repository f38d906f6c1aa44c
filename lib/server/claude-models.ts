import 'server-only';
import Anthropic from '@anthropic-ai/sdk';
import type { Config } from './config';
import { upstreamFetch } from './upstream-fetch';

/** One model that a key can see. A retired one stays in the list, and every request for it fails. */
export type ListedModel = { readonly id: string; readonly isRetired: boolean };

/** Nobody waits for the list, so it may take as long as a page stays open. */
const LIST_MS = 5000;

/** The most that the API gives at once: far more models than there are. */
const MAX_MODELS = 1000;

/**
 * The models that this access can see. Throws whatever goes wrong, and where the answer is not in the form of Claude's API:
 * other servers have a list of their own at the same address, with names that say nothing of what they accept.
 */
export async function listClaudeModels(
  access: Config['claude'],
  fetch = upstreamFetch,
): Promise<readonly ListedModel[]> {
  const client = new Anthropic({
    apiKey: access.apiKey ?? null,
    authToken: access.authToken ?? null,
    baseURL: access.baseUrl ?? null,
    maxRetries: 0,
    logLevel: 'off',
    fetch,
  });
  const { data } = await client.models.list({ limit: MAX_MODELS }, { signal: AbortSignal.timeout(LIST_MS) });
  if (data.length === 0 || !data.every(({ type, id }) => type === 'model' && typeof id === 'string'))
    throw new TypeError('another list');
  return data.map(({ id, lifecycle }) => ({ id, isRetired: lifecycle === 'retired' }));
}
