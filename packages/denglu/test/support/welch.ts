/** The largest |t| of Welch's test between any two kinds of timings, over all of them and over those that nothing disturbed. */
export function largestT(taken: ReadonlyMap<string, readonly number[]>): {
  readonly t: number
  readonly between: string
} {
  const all = [...taken.values()].flat().sort((one, other) => one - other)
  const limits = [Infinity, ...[0.9, 0.5].map(part => all[Math.floor(all.length * part)] as number)]
  let largest = { t: 0, between: "" }
  for (const limit of limits) {
    const cropped = [...taken].map(([name, times]) => ({
      name,
      ...spread(times.filter(time => time <= limit)),
    }))
    for (const one of cropped)
      for (const other of cropped) {
        const t = Math.abs(one.mean - other.mean) / Math.sqrt(one.error + other.error)
        if (one !== other && t > largest.t) largest = { t, between: `${one.name} and ${other.name}` }
      }
  }
  return largest
}

/** Beyond it two kinds are told apart (dudect's threshold). */
export const threshold = 4.5

/** The mean, and the square of its error. */
function spread(times: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (times.length - 1)
  return { mean, error: variance / times.length }
}
