import { hash } from "node:crypto"
import { type PackedToken, packToken, unpackToken, type VerifiedToken } from "./verified-token.ts"

/**
 * Remembers what an access token was found to say, so that the second check of the same token costs about a map look-up
 * instead of a signature check.
 *
 * Keyed by the first 128 bits of the token's SHA-256; the token itself is not kept. Bounded: two generations of a fixed size;
 * when the younger is full it becomes the older, and what was in the older is forgotten. Nobody needs to be
 * evicted one by one, and memory never grows beyond the two tables.
 */
export interface RememberedTokens {
  recall(token: string): VerifiedToken | undefined
  remember(token: string, verified: VerifiedToken): void
  /** How many are remembered now. */
  readonly size: number
}

interface Generation {
  /** Four words a slot: 128 bits of the token's hash. */
  readonly words: Uint32Array
  readonly packed: (PackedToken | undefined)[]
  count: number
}

const fullAt = 0.75

/** @param limit how many tokens to remember at most; rounded down so that the tables are powers of two, at least 24. */
export function createRememberedTokens(limit: number): RememberedTokens {
  const slots = 2 ** Math.floor(Math.log2(Math.max(limit, 24) / 2 / fullAt))
  const mask = slots - 1
  const capacity = Math.floor(slots * fullAt)
  const key = new Uint32Array(4)
  let young = createGeneration(slots)
  let old = createGeneration(slots)

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
  function find(generation: Generation): number {
    const { words, packed } = generation
    const [a, b, c, d] = key as unknown as [number, number, number, number]
    let slot = a & mask
    while (packed[slot] !== undefined) {
      const at = slot * 4
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  function keep(token: PackedToken): void {
    if (young.count >= capacity) {
      const forgotten = old
      old = young
      forgotten.packed.fill(undefined)
      forgotten.count = 0
      young = forgotten
    }
    const slot = find(young)
    if (young.packed[slot] === undefined) {
      young.words.set(key, slot * 4)
      young.count += 1
    }
    young.packed[slot] = token
  }

  return {
    recall(token) {
      readKey(token)
      const found = young.packed[find(young)]
      if (found !== undefined) return unpackToken(found)
      const aged = old.packed[find(old)]
      if (aged === undefined) return undefined
      keep(aged)
      return unpackToken(aged)
    },
    remember(token, verified) {
      readKey(token)
      keep(packToken(verified))
    },
    get size() {
      return young.count + old.count
    },
  }
}

function createGeneration(slots: number): Generation {
  return {
    words: new Uint32Array(slots * 4),
    packed: new Array<PackedToken | undefined>(slots).fill(undefined),
    count: 0,
  }
}
