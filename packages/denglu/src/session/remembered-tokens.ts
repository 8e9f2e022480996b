import { hash } from "node:crypto"

/**
 * Remembers what an access token was found to say, so that the second check of the same token costs about a map look-up
 * instead of a signature check.
 *
 * Keyed by the first 128 bits of the token's SHA-256; the token itself is not kept. Bounded: two generations of a fixed size;
 * when the younger is full it becomes the older, and what was in the older is forgotten. Nobody needs to be
 * evicted one by one, and memory never grows beyond the two tables.
 */
export interface RememberedTokens<Verified> {
  recall(token: string): Verified | undefined
  remember(token: string, verified: Verified): void
  /** How many are remembered now. */
  readonly size: number
}

interface Generation<Verified> {
  /** Four words a slot: 128 bits of the token's hash. */
  readonly words: Uint32Array
  readonly verified: (Verified | undefined)[]
  count: number
}

const fullAt = 0.75

/** @param limit how many tokens to remember at most; rounded down so that the tables are powers of two, at least 24. */
export function createRememberedTokens<Verified extends object>(limit: number): RememberedTokens<Verified> {
  const slots = 2 ** Math.floor(Math.log2(Math.max(limit, 24) / 2 / fullAt))
  const mask = slots - 1
  const capacity = Math.floor(slots * fullAt)
  const key = new Uint32Array(4)
  let young = createGeneration<Verified>(slots)
  let old = createGeneration<Verified>(slots)

  function readKey(token: string): void {
    const digest = hash("sha256", token, "binary")
    for (let word = 0; word < 4; word += 1) {
      const at = word * 4
      key[word] =
        digest.charCodeAt(at) |
        (digest.charCodeAt(at + 1) << 8) |
        (digest.charCodeAt(at + 2) << 16) |
        (digest.charCodeAt(at + 3) << 24)
    }
  }

  /** The slot that holds the key, or the empty one where it would go. */
  function find(generation: Generation<Verified>): number {
    const { words, verified } = generation
    const [a, b, c, d] = key as unknown as [number, number, number, number]
    let slot = a & mask
    while (verified[slot] !== undefined) {
      const at = slot * 4
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  function keep(verified: Verified): void {
    if (young.count >= capacity) {
      const forgotten = old
      old = young
      forgotten.verified.fill(undefined)
      forgotten.count = 0
      young = forgotten
    }
    const slot = find(young)
    if (young.verified[slot] === undefined) {
      young.words.set(key, slot * 4)
      young.count += 1
    }
    young.verified[slot] = verified
  }

  return {
    recall(token) {
      readKey(token)
      const found = young.verified[find(young)]
      if (found !== undefined) return found
      const aged = old.verified[find(old)]
      if (aged !== undefined) keep(aged)
      return aged
    },
    remember(token, verified) {
      readKey(token)
      keep(verified)
    },
    get size() {
      return young.count + old.count
    },
  }
}

function createGeneration<Verified>(slots: number): Generation<Verified> {
  return {
    words: new Uint32Array(slots * 4),
    verified: new Array<Verified | undefined>(slots).fill(undefined),
    count: 0,
  }
}
