import type { SimulatedClock } from "../clock.ts"

/** Secret texts that were handed out: whose they are, until when they are good, and whether they were used. */
export interface KeptTexts {
  keep(text: string, name: string, lifeMs: number): void
  /** Lets it end in so many ms, if it does not earlier. */
  shorten(text: string, lifeMs: number): void
  /** Whose it is, used or not. */
  ownerOf(text: string): { readonly name: string } | "expired" | "unknown"
  look(text: string, name: string): "good" | "expired" | "unknown"
  /** Uses it up; the second time it is `expired`. */
  take(text: string, name: string): "good" | "expired" | "unknown"
  clear(): void
}

/** How many are kept; the oldest are forgotten. */
const most = 100_000

export function createKeptTexts(clock: SimulatedClock): KeptTexts {
  const texts = new Map<string, { readonly name: string; expiresAt: number; used: boolean }>()

  function find(text: string) {
    const known = texts.get(text)
    if (known === undefined) return "unknown"
    return known.expiresAt > clock.now() ? known : "expired"
  }

  function look(text: string, name: string) {
    const known = find(text)
    if (typeof known === "string") return known
    if (known.name !== name) return "unknown"
    return known.used ? "expired" : known
  }

  return {
    keep(text, name, lifeMs) {
      const [oldest] = texts.keys()
      if (texts.size >= most && oldest !== undefined) texts.delete(oldest)
      texts.set(text, { name, expiresAt: clock.now() + lifeMs, used: false })
    },
    shorten(text, lifeMs) {
      const known = texts.get(text)
      if (known !== undefined) known.expiresAt = Math.min(known.expiresAt, clock.now() + lifeMs)
    },
    ownerOf: find,
    look(text, name) {
      const known = look(text, name)
      return typeof known === "string" ? known : "good"
    },
    take(text, name) {
      const known = look(text, name)
      if (typeof known === "string") return known
      known.used = true
      return "good"
    },
    clear: () => texts.clear(),
  }
}
