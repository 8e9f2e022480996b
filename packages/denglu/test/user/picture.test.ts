import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { PictureRefusal } from "../../src/user/picture/picture.ts"
import { readPicture } from "../../src/user/picture/read-picture.ts"
import {
  alphaPlane,
  exif,
  extendedHeader,
  jpeg,
  jpegSegment,
  losslessPixels,
  lossyPixels,
  png,
  pngChunk,
  pngHeader,
  pngOf,
  pngPixels,
  webpChunk,
  webpOf,
} from "../support/pictures.ts"

const end = pngChunk("IEND")
const ascii = (text: string) => Buffer.from(text, "latin1")
const secret = ascii("N 39.9042 E 116.4074 <script>alert(1)</script>")

const lossless = webpOf([webpChunk("VP8L", losslessPixels)])
const lossy = webpOf([webpChunk("VP8 ", lossyPixels)])
const clear = webpOf([extendedHeader(0x10), webpChunk("ALPH", alphaPlane), webpChunk("VP8 ", lossyPixels)])

const read = (bytes: Uint8Array) => Buffer.from(readPicture(bytes).bytes)

function refusal(bytes: Uint8Array): string {
  try {
    readPicture(bytes)
  } catch (error) {
    if (error instanceof PictureRefusal) return error.message
    throw error
  }
  return "taken"
}

test.each([
  ["PNG", png(64, 48), "image/png", 64, 48],
  ["JPEG", jpeg(), "image/jpeg", 16, 16],
  ["lossless WebP", lossless, "image/webp", 16, 16],
  ["lossy WebP", lossy, "image/webp", 16, 16],
  ["WebP with transparency", clear, "image/webp", 16, 16],
])("%s is taken", (_, bytes, type, width, height) => {
  expect(readPicture(bytes)).toMatchObject({ type, width, height })
})

test("what is there to show the picture stays byte by byte, and a second reading changes nothing", () => {
  for (const bytes of [png(), png(64, 48), lossless, lossy, clear]) expect(read(bytes)).toEqual(bytes)
  const [once] = [read(jpeg([exif(6), jpegSegment(0xfe, secret)]))]
  expect(read(once)).toEqual(once)
})

describe("what does not show anything is gone", () => {
  const marked = pngChunk("gAMA", Buffer.from([0, 0, 0xb1, 0x8f]))
  test.each([
    ["texts of a PNG", png(32, 32, [pngChunk("tEXt", secret), pngChunk("eXIf", secret)]), png()],
    ["colour profile of a PNG", png(32, 32, [pngChunk("iCCP", secret)]), png()],
    ["chunks of nobody in a PNG", png(32, 32, [pngChunk("abCD", secret)]), png()],
    ["what is behind a PNG", Buffer.concat([png(), secret]), png()],
    ["a chunk said twice", png(32, 32, [marked, marked]), png(32, 32, [marked])],
    ["comment of a JPEG", jpeg([jpegSegment(0xfe, secret)]), read(jpeg())],
    ["XMP of a JPEG", jpeg([jpegSegment(0xe1, secret)]), read(jpeg())],
    ["colour profile of a JPEG", jpeg([jpegSegment(0xe2, secret)]), read(jpeg())],
    ["what is behind a JPEG", Buffer.concat([jpeg(), secret]), read(jpeg())],
    ["Exif of a camera held upright", jpeg([exif(1)]), read(jpeg())],
    ["Exif with a turn there is not", jpeg([exif(9)]), read(jpeg())],
    [
      "Exif, XMP and profile of a WebP",
      webpOf([
        extendedHeader(0x3c),
        webpChunk("ICCP", secret),
        webpChunk("ALPH", alphaPlane),
        webpChunk("VP8 ", lossyPixels),
        webpChunk("EXIF", secret),
        webpChunk("XMP ", secret),
      ]),
      clear,
    ],
    ["what is behind a WebP", Buffer.concat([lossy, secret]), lossy],
    [
      "chunks of nobody in a WebP",
      webpOf([webpChunk("VP8L", losslessPixels), webpChunk("html", secret)]),
      lossless,
    ],
  ])("%s", (_, given, left) => {
    expect(read(given)).toEqual(left)
  })

  test.each([2, 3, 4, 5, 6, 7, 8])("but how the camera was held: %i", orientation => {
    const kept = read(jpeg([exif(orientation)]))
    expect(kept.toString("latin1")).not.toContain("39.9042")
    expect(kept.subarray(2, 38)).toEqual(
      Buffer.from(
        `ffe100224578696600004d4d002a00000008000101120003000000010${"0"}0${orientation}000000000000`,
        "hex",
      ),
    )
    expect(read(kept)).toEqual(kept)
  })
})

describe("refused, with the reason", () => {
  const frame = (precision: number, height: number, width: number, components = 1) =>
    jpegSegment(
      0xc0,
      Buffer.from([
        precision,
        height >> 8,
        height & 255,
        width >> 8,
        width & 255,
        components,
        ...Array(components * 3).fill(1),
      ]),
    )
  test.each([
    ["nothing", Buffer.alloc(0), "it is empty"],
    ["a text", ascii("<html>"), "it is no JPEG, PNG or WebP"],
    ["SVG", ascii('<svg xmlns="http://www.w3.org/2000/svg"/>'), "it is no JPEG, PNG or WebP"],
    ["a GIF", ascii("GIF89a"), "it is no JPEG, PNG or WebP"],
    ["a PDF", ascii("%PDF-1.7"), "it is no JPEG, PNG or WebP"],
    ["a ZIP", ascii("PK\u0003\u0004"), "it is no JPEG, PNG or WebP"],
    ["a PNG too small", png(15, 16), "it is 15 by 16 pixels; a side may have 16 to 4096"],
    ["a PNG too large", pngOf([pngHeader(4097, 16), pngPixels(16, 16), end]), /4097 by 16/],
    ["a PNG of four billion", pngOf([pngHeader(0xffffffff, 0xffffffff), end]), /4294967295/],
    ["an animated PNG", png(32, 32, [pngChunk("acTL", Buffer.alloc(8))]), "it is animated"],
    ["a PNG without pixels", pngOf([pngHeader(32, 32), end]), "it has no pixels"],
    ["a PNG without an end", png().subarray(0, -12), "it is cut off"],
    ["a PNG without a header", pngOf([pngPixels(32, 32), end]), "its header is missing"],
    ["a PNG of two headers", png(32, 32, [pngHeader(32, 32)]), "it needs IHDR, which nobody knows"],
    ["a PNG of an unknown kind", png(32, 32, [pngChunk("ABCD", secret)]), /ABCD/],
    [
      "a PNG with pixels in two places",
      pngOf([pngHeader(32, 32), pngPixels(32, 32), pngChunk("tEXt"), pngPixels(32, 32), end]),
      "its pixels are in two places",
    ],
    ["a grey PNG with a palette", png(32, 32, [pngChunk("PLTE", Buffer.alloc(3))]), "its palette is damaged"],
    ["a wrong sum", Buffer.from(png()).fill(1, 29, 33), "it is damaged"],
    ["a JPEG cut off", jpeg().subarray(0, -2), "it is cut off"],
    ["a JPEG of nothing", Buffer.from("ffd8ffd9", "hex"), "it has no pixels"],
    ["a JPEG with two frames", jpeg([frame(8, 16, 16)]), "it has two frames"],
    ["a JPEG of 12 bits", jpeg([frame(12, 16, 16)]), /12 bits/],
    ["a JPEG without a height", jpeg([frame(8, 0, 16)]), /16 by 0/],
    ["a JPEG of two colours", jpeg([frame(8, 16, 16, 2)]), "it is damaged"],
    ["an arithmetic JPEG", jpeg([jpegSegment(0xc9, Buffer.alloc(9))]), /marker ffc9/],
    ["a scan before the frame", jpeg([jpegSegment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]))]), "it is damaged"],
    ["a table that is too short", jpeg([jpegSegment(0xdb, Buffer.alloc(10))]), "it is cut off"],
    ["a Huffman table with a message", jpeg([jpegSegment(0xc4, secret)]), "it is damaged"],
    ["a JPEG of 65 scans", manyScans(65), "it has more than 64 scans"],
    [
      "an animated WebP",
      webpOf([extendedHeader(0x02), webpChunk("ANIM", Buffer.alloc(6))]),
      "it is animated",
    ],
    [
      "a WebP that hides an animation",
      webpOf([extendedHeader(0), webpChunk("ANMF", lossyPixels)]),
      "it is animated",
    ],
    [
      "a WebP of two pictures",
      webpOf([webpChunk("VP8L", losslessPixels), webpChunk("VP8L", losslessPixels)]),
      "it has two pictures",
    ],
    [
      "a WebP of another size than it says",
      webpOf([extendedHeader(0, 32, 32), webpChunk("VP8 ", lossyPixels)]),
      "it is damaged",
    ],
    ["a WebP without pixels", webpOf([webpChunk("EXIF", secret)]), "it has no pixels"],
    ["a WebP cut off", lossy.subarray(0, -2), "it is cut off"],
    [
      "a WebP that ends in the middle",
      webpOf([webpChunk("VP8 ", lossyPixels).subarray(0, -8)]),
      "it is cut off",
    ],
    [
      "a WebP that is no key frame",
      webpOf([webpChunk("VP8 ", Buffer.from(lossyPixels).fill(0xff, 0, 1))]),
      "it is damaged",
    ],
  ])("%s", (_, bytes, reason) => {
    expect(refusal(bytes)).toMatch(reason)
  })
})

function manyScans(count: number): Buffer {
  const whole = jpeg()
  const scan = whole.subarray(whole.indexOf(Buffer.from([0xff, 0xda])), -2)
  return Buffer.concat([
    whole.subarray(0, -2),
    ...Array.from({ length: count - 1 }, () => scan),
    whole.subarray(-2),
  ])
}

/** Each a picture with one or some bytes changed, left out or put in. */
const mutated = fc
  .record({
    base: fc.constantFrom(
      png(),
      png(16, 16, [pngChunk("tEXt", secret)]),
      jpeg([exif(6)]),
      jpeg(),
      lossless,
      lossy,
      clear,
    ),
    changes: fc.array(fc.record({ at: fc.nat(), with: fc.uint8Array({ maxLength: 8 }), drop: fc.nat(8) }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ base, changes }) =>
    changes.reduce((bytes, change) => {
      const at = change.at % (bytes.length + 1)
      return Buffer.concat([bytes.subarray(0, at), change.with, bytes.subarray(at + change.drop)])
    }, base),
  )

test("whatever is changed in a picture, it is refused, or comes out as one that is read again unchanged", () => {
  let taken = 0
  let refused = 0
  fc.assert(
    fc.property(mutated, bytes => {
      if (refusal(bytes) !== "taken") {
        refused += 1
        return
      }
      taken += 1
      const once = read(bytes)
      expect(once.length).toBeLessThanOrEqual(bytes.length + 64)
      expect(read(once).equals(once)).toBe(true)
    }),
    { numRuns: 20_000 },
  )
  expect([taken > 500, refused > 500]).toEqual([true, true])
})

test("whatever comes behind the first bytes of a picture, it is taken or refused, and nothing else goes wrong", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "RIFF\x40\0\0\0WEBPVP8 "),
      fc.uint8Array({ maxLength: 300 }),
      (start, rest) => {
        expect(refusal(Buffer.concat([ascii(start), rest]))).toMatch(/^(taken|it )/)
      },
    ),
    { numRuns: 20_000 },
  )
})
