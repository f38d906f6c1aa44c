import type { ChatSettings } from '@/lib/chat/chat-settings';
import { EFFORTS } from '@/lib/protocol/models';

/** Whether a value that was stored is what a reader of it relies on. */
export type Guard<Value> = (value: unknown) => value is Value;

/** The range of a date (ECMA-262, 21.4.1.1): beyond it a time cannot be written down, and trying throws. */
const MAX_TIME_MS = 8.64e15;

export const isText: Guard<string> = (value) => typeof value === 'string';
export const isBoolean: Guard<boolean> = (value) => typeof value === 'boolean';
export const isNumber: Guard<number> = (value): value is number => Number.isFinite(value);
export const isTime: Guard<number> = (value): value is number => isNumber(value) && Math.abs(value) <= MAX_TIME_MS;
export const isSeq: Guard<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

export const isOneOf =
  <const Value extends string>(...values: readonly Value[]): Guard<Value> =>
  (value): value is Value =>
    values.some((known) => known === value);
export const orNull =
  <Value>(isValue: Guard<Value>): Guard<Value | null> =>
  (value): value is Value | null =>
    value === null || isValue(value);
export const optional =
  <Value>(isValue: Guard<Value>): Guard<Value | undefined> =>
  (value): value is Value | undefined =>
    value === undefined || isValue(value);
export const listOf =
  <Value>(isValue: Guard<Value>): Guard<readonly Value[]> =>
  (value): value is readonly Value[] =>
    Array.isArray(value) && value.every(isValue);

export const recordOf =
  <Value>(isValue: Guard<Value>): Guard<Readonly<Record<string, Value>>> =>
  (value): value is Readonly<Record<string, Value>> =>
    typeof value === 'object' && value !== null && Object.values(value).every(isValue);

/**
 * Asks every field of a type; the compiler misses none, nor one that is added later. Fields that are not named are let
 * through: a newer version may have written them.
 */
export function fieldsOf<Value>(fields: { readonly [Key in keyof Required<Value>]: Guard<Value[Key]> }): Guard<Value> {
  const guards = Object.entries<Guard<unknown>>(fields);
  return (value): value is Value =>
    typeof value === 'object' && value !== null && guards.every(([key, isValue]) => isValue(Reflect.get(value, key)));
}

export const isSettings = fieldsOf<ChatSettings>({
  model: optional(isText),
  thinking: optional(isBoolean),
  effort: optional(isOneOf(...EFFORTS)),
  system: optional(isText),
});
