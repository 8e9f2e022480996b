import { randomFillSync } from "node:crypto"

/** Answers `size` bytes nobody can guess. Handed in everywhere, so that nothing falls back on `Math.random`. */
export type RandomBytes = (size: number) => Uint8Array

/**
 * A {@link RandomBytes} over the system's generator that draws 4 KiB at a time, because a call into it costs twenty times
 * what a slice of the pool does. No byte is handed out twice.
 */
export function createRandomBytes(): RandomBytes {
  const pool = new Uint8Array(4096)
  let used = pool.length
  return size => {
    if (size > pool.length) return randomFillSync(new Uint8Array(size))
    if (used + size > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += size
    return pool.slice(used - size, used)
  }
}

const alphabet = Buffer.from("0123456789abcdefghijklmnopqrstuv")

/**
 * A new id: 26 characters of `0-9a-v`, 130 random bits. Lower case only, because MySQL's usual collations don't tell
 * cases apart, and never a leading `-`, which a command line would take for an option.
 */
export function newId(random: RandomBytes): string {
  const bytes = random(26)
  for (let index = 0; index < 26; index += 1) bytes[index] = alphabet[(bytes[index] as number) & 31] as number
  // One flat string: added up letter by letter it would be a chain of thirteen, and ids are kept by the hundred thousand.
  return Buffer.from(bytes.buffer, bytes.byteOffset, 26).toString("latin1")
}
