/** What a picture may be, by what is in it. */
export type PictureType = "image/jpeg" | "image/png" | "image/webp"

/** A still picture without anything in it that isn't needed to show it. */
export interface Picture {
  readonly type: PictureType
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The bytes are not a picture as it may be. The message says why, in words for whoever sent it. */
export class PictureRefusal extends Error {
  override readonly name = "PictureRefusal"
}

const leastSide = 16
const mostSide = 4_096

/** @throws PictureRefusal */
export function checkSize(width: number, height: number): void {
  if (Math.min(width, height) < leastSide || Math.max(width, height) > mostSide)
    throw new PictureRefusal(
      `it is ${width} by ${height} pixels; a side may have ${leastSide} to ${mostSide}`,
    )
}

/** Reads numbers and slices from a place on, and refuses what goes beyond the end. */
export class PictureReader {
  at = 0
  readonly bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new PictureRefusal("it is cut off")
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  u8(): number {
    return this.take(1)[0] as number
  }

  u16(littleEndian = false): number {
    this.take(2)
    return this.#view.getUint16(this.at - 2, littleEndian)
  }

  u24le(): number {
    return this.u16(true) | (this.u8() << 16)
  }

  u32(littleEndian = false): number {
    this.take(4)
    return this.#view.getUint32(this.at - 4, littleEndian)
  }

  /** Four letters. */
  tag(): string {
    return String.fromCharCode(...this.take(4))
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
