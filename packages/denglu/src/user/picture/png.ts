import { crc32 } from "node:zlib"
import { checkSize, joined, type Picture, PictureReader, PictureRefusal } from "./picture.ts"

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Bit depths by colour type (PNG, 11.2.2). */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/** Chunks that say how the pixels look, with their lengths. All other ones that may be left out are. */
const keptAncillary: Readonly<Record<string, (length: number) => boolean>> = {
  tRNS: length => length > 0 && length <= 256,
  gAMA: length => length === 4,
  cHRM: length => length === 32,
  sRGB: length => length === 1,
}

/** Those of animated pictures. */
const animated = new Set(["acTL", "fcTL", "fdAT"])

interface Seen {
  colourType: number
  palette: boolean
  /** Where in the order IHDR, before, pixels, after the walk is. */
  pixels: "before" | "in" | "after"
  readonly ancillary: Set<string>
}

export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte)
}

/**
 * Goes through a PNG from chunk to chunk, checks each one's sum, and answers it with nothing but what shows it; what comes behind its end is
 * gone. The pixels stay compressed.
 *
 * @throws PictureRefusal
 */
export function readPng(bytes: Uint8Array): Picture {
  const reader = new PictureReader(bytes)
  const kept: Uint8Array[] = [reader.take(signature.length)]
  const header = readChunk(reader)
  if (header.type !== "IHDR") throw new PictureRefusal("its header is missing")
  const { width, height, colourType } = readHeader(header.data)
  kept.push(header.whole)
  const seen: Seen = { colourType, palette: false, pixels: "before", ancillary: new Set() }
  for (;;) {
    const chunk = readChunk(reader)
    if (chunk.type === "IEND") {
      if (chunk.data.length > 0 || seen.pixels === "before") throw new PictureRefusal("it has no pixels")
      kept.push(chunk.whole)
      return { type: "image/png", width, height, bytes: joined(kept) }
    }
    if (isKept(chunk.type, chunk.data, seen)) kept.push(chunk.whole)
  }
}

function readChunk(reader: PictureReader) {
  const begin = reader.at
  const length = reader.u32()
  const type = reader.tag()
  if (!/^[A-Za-z]{4}$/.test(type)) throw new PictureRefusal("it is damaged")
  const data = reader.take(length)
  const summed = reader.bytes.subarray(begin + 4, reader.at)
  if (reader.u32() !== crc32(summed)) throw new PictureRefusal("it is damaged")
  return { type, data, whole: reader.bytes.subarray(begin, reader.at) }
}

function readHeader(data: Uint8Array) {
  if (data.length !== 13) throw new PictureRefusal("its header is damaged")
  const reader = new PictureReader(data)
  const [width, height] = [reader.u32(), reader.u32()]
  checkSize(width, height)
  const [depth, colourType, compression, filter, interlace] = reader.take(5) as unknown as number[]
  const isKnown = depths[colourType as number]?.includes(depth as number) === true
  if (!isKnown || compression !== 0 || filter !== 0 || (interlace as number) > 1)
    throw new PictureRefusal("its header is damaged")
  return { width, height, colourType: colourType as number }
}

function isKept(type: string, data: Uint8Array, seen: Seen): boolean {
  if (animated.has(type)) throw new PictureRefusal("it is animated")
  if (type === "IDAT") {
    if (seen.pixels === "after") throw new PictureRefusal("its pixels are in two places")
    if (seen.colourType === 3 && !seen.palette) throw new PictureRefusal("its palette is missing")
    seen.pixels = "in"
    return true
  }
  if (seen.pixels === "in") seen.pixels = "after"
  if (type === "PLTE") {
    const isGood = data.length > 0 && data.length <= 768 && data.length % 3 === 0
    if (!isGood || seen.palette || seen.pixels !== "before" || seen.colourType % 4 === 0)
      throw new PictureRefusal("its palette is damaged")
    seen.palette = true
    return true
  }
  // The fifth bit of the first letter tells what may be left out.
  if (((type.charCodeAt(0) >> 5) & 1) === 0) throw new PictureRefusal(`it needs ${type}, which nobody knows`)
  const fits = keptAncillary[type]
  if (fits === undefined || seen.pixels !== "before" || seen.ancillary.has(type)) return false
  seen.ancillary.add(type)
  return fits(data.length)
}
