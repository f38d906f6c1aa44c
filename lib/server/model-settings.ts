import 'server-only';
import { z } from 'zod';
import { EFFORTS } from '@/lib/protocol/models';
import { CURRENT_MODELS, type Model, modelOf } from './models';

const modelObject = z
  .strictObject({
    id: z.string().min(1),
    label: z.string().min(1).optional(),
    purpose: z.string().min(1).optional(),
    contextTokens: z.int().positive().optional(),
    maxOutputTokens: z.int().positive().optional(),
    thinking: z.enum(['adaptive', 'budget', 'none']).optional(),
    efforts: z.array(z.enum(EFFORTS)).optional(),
    defaultEffort: z.enum(EFFORTS).optional(),
  })
  .transform(({ id, ...given }): Model => ({ ...modelOf(id), ...withoutUndefined(given) }));

/** `MODELS`: ids separated by commas, or a JSON list of objects for models whose sizes and thinking should be known. */
export const modelList = z.string().transform((text, context): Model[] => {
  if (!text.trimStart().startsWith('[')) {
    const ids = text.split(',').map((id) => id.trim());
    if (ids.some(Boolean)) return ids.filter(Boolean).map(modelOf);
    context.addIssue({ code: 'custom', message: 'names no model' });
    return z.NEVER;
  }
  const json = parseJson(text);
  if (json === undefined) {
    context.addIssue({ code: 'custom', message: 'begins like a JSON list and is no JSON' });
    return z.NEVER;
  }
  const parsed = z.array(modelObject).min(1).safeParse(json);
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error).replaceAll('\n', ' ') });
  return z.NEVER;
});

/** Whether no model is named twice. */
export const hasEachOnce = (models: readonly Model[]) => new Set(models.map(({ id }) => id)).size === models.length;

/** Whether a model is on offer. `models` is what has been read of `MODELS`: anything, as long as it has problems of its own. */
export function isOffered(id: unknown, models: unknown = CURRENT_MODELS): boolean {
  return id === undefined || !Array.isArray(models) || models.some((model: Model) => model.id === id);
}

/** What is said of a setting that names another model than those on offer. */
export function notOffered(name: string) {
  return {
    path: [name],
    error: 'is not among the models on offer; name it in MODELS',
    // Checked beside the other problems, so that one start tells all of them.
    when: () => true,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
