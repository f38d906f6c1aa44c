/** Makes the compiler say where a union grew and a `switch` did not. Throws if it is reached all the same. */
export function assertNever(value: never): never {
  throw new Error(`not a known kind: ${JSON.stringify(value)}`);
}
