import { crc32, deflateSync } from "node:zlib"

/** Bytes of pictures that are made here, part by part, so that tests can put something into them. */
const ascii = (text: string) => Buffer.from(text, "latin1")

export function pngChunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const body = Buffer.concat([ascii(type), data])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([head, body, sum])
}

const pngSignature = Buffer.from("89504e470d0a1a0a", "hex")

export function pngHeader(width: number, height: number): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width)
  data.writeUInt32BE(height, 4)
  data.set([8, 0], 8)
  return pngChunk("IHDR", data)
}

export function pngPixels(width: number, height: number, grey = 120): Buffer {
  const line = Buffer.alloc(width + 1, grey)
  line[0] = 0
  return pngChunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: height }, () => line))))
}

/** A grey picture. @param extra chunks between its header and its pixels */
export function png(width = 32, height = 32, extra: readonly Buffer[] = [], grey?: number): Buffer {
  return Buffer.concat([
    pngSignature,
    pngHeader(width, height),
    ...extra,
    pngPixels(width, height, grey),
    pngChunk("IEND"),
  ])
}

export function pngOf(chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([pngSignature, ...chunks])
}

/** A JPEG of 16 by 16 grey pixels, as an encoder wrote it (quality 50). */
const greyJpeg = Buffer.from(
  [
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1R",
    "V19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj",
    "Y2NjY2NjY2NjY2NjY2P/wAARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAA",
    "AAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJgA/9k=",
  ].join(""),
  "base64",
)

export function jpegSegment(marker: number, data: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([head, data])
}

/** @param extra segments behind its beginning */
export function jpeg(extra: readonly Buffer[] = []): Buffer {
  return Buffer.concat([greyJpeg.subarray(0, 2), ...extra, greyJpeg.subarray(2)])
}

/** Exif with an orientation and a place. */
export function exif(orientation: number, place = "N 39.9042 E 116.4074"): Buffer {
  const entries = Buffer.from([
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38],
  ])
  const tiff = Buffer.concat([Buffer.from("4d4d002a000000080002", "hex"), entries, Buffer.alloc(4)])
  return jpegSegment(0xe1, Buffer.concat([ascii("Exif\0\0"), tiff, ascii(place)]))
}

export function webpChunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.set(ascii(type))
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

export function webpOf(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([ascii("WEBP"), ...chunks])
  return webpChunk("RIFF", body)
}

/** The pixels of a lossless picture of 16 by 16, of a lossy one, and how transparent those are, as an encoder wrote them. */
export const losslessPixels = Buffer.from("Lw/AAxAHULziFa+AgYjofwA=", "base64")
export const lossyPixels = Buffer.from("MAEAnQEqEAAQAALATCWkAANwAP7D4AAA", "base64")

export const alphaPlane = Buffer.from("AQdQwIgIAATh/9xBRP9TAw==", "base64")

export function extendedHeader(flags: number, width = 16, height = 16): Buffer {
  const data = Buffer.alloc(10)
  data[0] = flags
  data.writeUIntLE(width - 1, 4, 3)
  data.writeUIntLE(height - 1, 7, 3)
  return webpChunk("VP8X", data)
}

/** A form as `wx.uploadFile` sends it. */
export function form(
  file: Uint8Array,
  { field = "file", boundary = "----WxFormBoundary0", name = "a.png", type = "image/png", fields = "" } = {},
) {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([ascii(fields), ascii(head), file, ascii(`\r\n--${boundary}--\r\n`)]),
  }
}
