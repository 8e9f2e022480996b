import { orientationOf, orientationSegment } from "./exif-orientation.ts"
import { checkSize, joined, type Picture, PictureReader, PictureRefusal } from "./picture.ts"

const marker = {
  soi: 0xd8,
  eoi: 0xd9,
  sos: 0xda,
  dqt: 0xdb,
  dht: 0xc4,
  dri: 0xdd,
  app1: 0xe1,
  app14: 0xee,
} as const

/** Frames every program shows: baseline, extended and progressive, all with Huffman codes. */
const frames = new Set([0xc0, 0xc1, 0xc2])
/** A frame is shown in several passes; more than any encoder makes are there to keep a decoder busy. */
const mostScans = 64
const adobe = [0x41, 0x64, 0x6f, 0x62, 0x65]
const exif = [0x45, 0x78, 0x69, 0x66, 0, 0]

interface Walk {
  size: { readonly width: number; readonly height: number; readonly components: number } | undefined
  scans: number
  orientation: number
  adobe: boolean
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === marker.soi && bytes[2] === 0xff
}

/**
 * Goes through a JPEG from marker to marker and answers it with nothing but what shows it: tables, frame, scans, the colours of Adobe's programs
 * and, if the camera was turned, how. Exif with its places, XMP, colour profiles, thumbnails and comments are gone, and so is what comes behind
 * the end.
 *
 * @throws PictureRefusal
 */
export function readJpeg(bytes: Uint8Array): Picture {
  const reader = new PictureReader(bytes)
  reader.take(2)
  const kept: Uint8Array[] = []
  const walk: Walk = { size: undefined, scans: 0, orientation: 1, adobe: false }
  for (;;) {
    const code = readMarker(reader)
    if (code === marker.eoi) break
    const segment = readSegment(reader)
    if (!isKept(code, segment, walk)) continue
    kept.push(Uint8Array.of(0xff, code, (segment.length + 2) >> 8, (segment.length + 2) & 255), segment)
    if (code === marker.sos) kept.push(readScan(reader))
  }
  const { size, scans, orientation } = walk
  if (size === undefined || scans === 0) throw new PictureRefusal("it has no pixels")
  const begin = Uint8Array.of(0xff, marker.soi)
  const turned = orientation === 1 ? [] : [orientationSegment(orientation)]
  const end = Uint8Array.of(0xff, marker.eoi)
  const { width, height } = size
  return { type: "image/jpeg", width, height, bytes: joined([begin, ...turned, ...kept, end]) }
}

/** Markers may be filled up with 0xff in front. */
function readMarker(reader: PictureReader): number {
  if (reader.u8() !== 0xff) throw new PictureRefusal("it is damaged")
  let code = reader.u8()
  while (code === 0xff) code = reader.u8()
  return code
}

function readSegment(reader: PictureReader): Uint8Array {
  const length = reader.u16()
  if (length < 2) throw new PictureRefusal("it is damaged")
  return reader.take(length - 2)
}

/** Whether a segment is needed. @throws PictureRefusal for one that can't be */
function isKept(code: number, segment: Uint8Array, walk: Walk): boolean {
  if (code === marker.app14 && beginsWith(segment, adobe) && segment.length === 12 && !walk.adobe) {
    walk.adobe = true
    return true
  }
  if (code === marker.app1 && beginsWith(segment, exif) && walk.orientation === 1)
    walk.orientation = orientationOf(segment.subarray(exif.length))
  // Other data of programs, and comments.
  if ((code >= 0xe0 && code <= 0xef) || code === 0xfe) return false
  if (frames.has(code)) {
    if (walk.size !== undefined) throw new PictureRefusal("it has two frames")
    walk.size = readFrame(segment)
  } else if (code === marker.dqt) checkQuantization(segment)
  else if (code === marker.dht) checkHuffman(segment)
  else if (code === marker.dri) {
    if (segment.length !== 2) throw new PictureRefusal("it is damaged")
  } else if (code === marker.sos) checkScan(segment, walk)
  else
    throw new PictureRefusal(`it is of a kind that is not shown everywhere (marker ff${code.toString(16)})`)
  return true
}

function readFrame(segment: Uint8Array) {
  const reader = new PictureReader(segment)
  const precision = reader.u8()
  const height = reader.u16()
  const width = reader.u16()
  const components = reader.u8()
  if (precision !== 8) throw new PictureRefusal(`it has ${precision} bits a colour; 8 are shown everywhere`)
  if (![1, 3, 4].includes(components) || reader.left !== components * 3)
    throw new PictureRefusal("it is damaged")
  checkSize(width, height)
  return { width, height, components }
}

function checkQuantization(segment: Uint8Array): void {
  const reader = new PictureReader(segment)
  while (reader.left > 0) {
    const head = reader.u8()
    if (head >> 4 > 1 || (head & 15) > 3) throw new PictureRefusal("it is damaged")
    reader.take(head >> 4 === 0 ? 64 : 128)
  }
}

function checkHuffman(segment: Uint8Array): void {
  const reader = new PictureReader(segment)
  while (reader.left > 0) {
    const head = reader.u8()
    if (head >> 4 > 1 || (head & 15) > 3) throw new PictureRefusal("it is damaged")
    const codes = reader.take(16).reduce((sum, count) => sum + count, 0)
    if (codes > 256) throw new PictureRefusal("it is damaged")
    reader.take(codes)
  }
}

function checkScan(segment: Uint8Array, walk: Walk): void {
  const count = segment[0] ?? 0
  const { size } = walk
  if (size === undefined || count < 1 || count > size.components || segment.length !== 4 + count * 2)
    throw new PictureRefusal("it is damaged")
  walk.scans += 1
  if (walk.scans > mostScans) throw new PictureRefusal(`it has more than ${mostScans} scans`)
}

/** The coded pixels: until a 0xff that is neither a byte of them (then 0x00 follows) nor a restart. */
function readScan(reader: PictureReader): Uint8Array {
  const { bytes, at: begin } = reader
  let at = begin
  for (;;) {
    at = bytes.indexOf(0xff, at)
    const next = at === -1 ? undefined : bytes[at + 1]
    if (next === undefined) throw new PictureRefusal("it is cut off")
    if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2
    else if (next === 0xff) at += 1
    else break
  }
  return reader.take(at - begin)
}

function beginsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte)
}
