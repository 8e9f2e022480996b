import { randomBytes } from "node:crypto"

/** What is sent, or would be: AES-128-CBC without a MAC, both parts in base64. */
export interface Forgery {
  readonly encrypted_data: string
  readonly iv: string
}

const block = 16

/** The bytes of a base64 text changed. */
export function changed(text: string, change: (bytes: Buffer) => Buffer): string {
  return change(Buffer.from(text, "base64")).toString("base64")
}

/** One bit turned, counted from the first. */
export function turned(text: string, bit: number): string {
  return changed(text, bytes => {
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
    return bytes
  })
}

/** By `iv` alone: the first 16 bytes become `wanted` for whoever knows what they are. */
export function rewritten(sent: Forgery, known: string, wanted: string): Forgery {
  const was = Buffer.from(known)
  const is = Buffer.from(wanted)
  const change = (bytes: Buffer) =>
    Buffer.from(bytes.map((byte, at) => byte ^ Number(was[at]) ^ Number(is[at])))
  return { ...sent, iv: changed(sent.iv, change) }
}

/** Whether a forgery did better than a bad one does: the one bit that an oracle gives away. */
export type Oracle = (forgery: Forgery) => Promise<boolean>

/**
 * CBC-R (Rizzo and Duong): with an oracle that tells good padding from bad, ciphertext of any text, without the key. It goes from the
 * last block to the first and takes about 128 questions a byte.
 */
export async function forgeByPadding(text: string, oracle: Oracle): Promise<Forgery> {
  const missing = block - (Buffer.byteLength(text) % block)
  const plain = Buffer.concat([Buffer.from(text), Buffer.alloc(missing, missing)])
  let next: Buffer = randomBytes(block)
  const sent = [next]
  for (let end = plain.length; end > 0; end -= block) {
    const inner = await decipheredBlock(next, oracle)
    next = xor(inner, plain.subarray(end - block, end))
    sent.unshift(next)
  }
  const [iv, ...blocks] = sent
  return { iv: (iv as Buffer).toString("base64"), encrypted_data: Buffer.concat(blocks).toString("base64") }
}

/** What the cipher makes of one block before the chaining, byte by byte from the last. */
async function decipheredBlock(target: Buffer, oracle: Oracle): Promise<Buffer> {
  const inner = Buffer.alloc(block)
  const encrypted_data = target.toString("base64")
  for (let at = block - 1; at >= 0; at -= 1) {
    const padding = block - at
    const iv = Buffer.concat([randomBytes(at), xor(inner.subarray(at), Buffer.alloc(padding, padding))])
    let found = false
    for (let guess = 0; guess < 256 && !found; guess += 1) {
      iv[at] = guess
      found = await oracle({ encrypted_data, iv: iv.toString("base64") })
      // The last byte may have passed as the end of a longer padding by luck: then another byte before it shows that.
      if (found && at === block - 1) {
        const other = Buffer.from(iv)
        other[at - 1] = (other[at - 1] as number) ^ 1
        found = await oracle({ encrypted_data, iv: other.toString("base64") })
      }
      if (found) inner[at] = guess ^ padding
    }
    if (!found) throw new Error("the oracle tells nothing")
  }
  return inner
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, at) => byte ^ Number(other[at])))
}
