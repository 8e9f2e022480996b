import { checkSize, joined, type Picture, PictureReader, PictureRefusal } from "./picture.ts"

/** Bits of the extended header (RFC 9649, 2.7). */
const hasAlpha = 0x10
const hasAnimation = 0x02

export function isWebp(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && tagAt(bytes, 0) === "RIFF" && tagAt(bytes, 8) === "WEBP"
}

function tagAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Goes through a WebP from chunk to chunk and answers it with nothing but its pixels and their transparency. Exif, XMP, colour profiles and unknown
 * chunks are gone, and so is what comes behind the end.
 *
 * @throws PictureRefusal
 */
export function readWebp(given: Uint8Array): Picture {
  const outer = new PictureReader(given)
  outer.take(4)
  const length = outer.u32(true)
  const reader = new PictureReader(outer.take(length))
  reader.take(4)
  let canvas: Size | undefined
  let alpha: Uint8Array | undefined
  for (let first = true; ; first = false) {
    const { type, data, whole } = readChunk(reader)
    if (type === "ANIM" || type === "ANMF") throw new PictureRefusal("it is animated")
    if (type === "VP8X") {
      if (!first) throw new PictureRefusal("it is damaged")
      canvas = readCanvas(data)
    } else if (type === "ALPH" && canvas !== undefined) {
      if (alpha !== undefined || data.length < 2) throw new PictureRefusal("it is damaged")
      alpha = whole
    } else if (type === "VP8 " || type === "VP8L") {
      const size = type === "VP8 " ? readLossy(data) : readLossless(data)
      if (canvas !== undefined && (canvas.width !== size.width || canvas.height !== size.height))
        throw new PictureRefusal("it is damaged")
      checkRest(reader)
      return picture(size, type === "VP8L" ? undefined : alpha, whole)
    } else if (first) throw new PictureRefusal("it has no pixels")
  }
}

/** Chunks are filled up to an even length. */
function readChunk(reader: PictureReader) {
  const begin = reader.at
  const type = reader.tag()
  const length = reader.u32(true)
  const data = reader.take(length)
  if (length % 2 === 1 && reader.u8() !== 0) throw new PictureRefusal("it is damaged")
  return { type, data, whole: reader.bytes.subarray(begin, reader.at) }
}

/** What comes behind the pixels is left out; it must not be more pixels. */
function checkRest(reader: PictureReader): void {
  while (reader.left > 0) {
    const { type } = readChunk(reader)
    if (["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"].includes(type))
      throw new PictureRefusal("it has two pictures")
  }
}

function readCanvas(data: Uint8Array): Size {
  if (data.length !== 10) throw new PictureRefusal("its header is damaged")
  const reader = new PictureReader(data)
  if ((reader.u8() & hasAnimation) !== 0) throw new PictureRefusal("it is animated")
  reader.take(3)
  return { width: reader.u24le() + 1, height: reader.u24le() + 1 }
}

/** RFC 6386, 9.1. */
function readLossy(data: Uint8Array): Size {
  const reader = new PictureReader(data)
  const head = reader.u24le()
  const isKeyFrame = (head & 1) === 0
  const startCode = reader.u24le()
  const [width, height] = [reader.u16(true) & 0x3fff, reader.u16(true) & 0x3fff]
  if (!isKeyFrame || startCode !== 0x2a019d || head >> 5 > reader.left)
    throw new PictureRefusal("it is damaged")
  checkSize(width, height)
  return { width, height }
}

/** RFC 9649, 3.4. */
function readLossless(data: Uint8Array): Size {
  const reader = new PictureReader(data)
  const signature = reader.u8()
  const bits = reader.u32(true)
  if (signature !== 0x2f || bits >>> 29 !== 0 || reader.left === 0) throw new PictureRefusal("it is damaged")
  const [width, height] = [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
  checkSize(width, height)
  return { width, height }
}

function picture({ width, height }: Size, alpha: Uint8Array | undefined, pixels: Uint8Array): Picture {
  const chunks = alpha === undefined ? [pixels] : [extendedHeader({ width, height }), alpha, pixels]
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 4)
  const head = new Uint8Array(12)
  head.set([0x52, 0x49, 0x46, 0x46])
  new DataView(head.buffer).setUint32(4, length, true)
  head.set([0x57, 0x45, 0x42, 0x50], 8)
  return { type: "image/webp", width, height, bytes: joined([head, ...chunks]) }
}

function extendedHeader({ width, height }: Size): Uint8Array {
  const [w, h] = [width - 1, height - 1]
  const sides = [w & 255, w >> 8, 0, h & 255, h >> 8, 0]
  return Uint8Array.of(0x56, 0x50, 0x38, 0x58, 10, 0, 0, 0, hasAlpha, 0, 0, 0, ...sides)
}
