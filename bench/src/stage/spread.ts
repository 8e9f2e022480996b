/** Several measurements of the same, in milliseconds. */
export interface Spread {
  readonly median: number
  /** In their order. */
  readonly all: readonly number[]
}

export function spreadOf(measured: readonly number[]): Spread {
  const all = [...measured].sort((a, b) => a - b)
  return { median: all[Math.floor(all.length / 2)] ?? 0, all }
}
