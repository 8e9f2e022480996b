import { crc32, deflateSync } from "node:zlib"

/**
 * A black and white picture as PNG (https://www.w3.org/TR/png-3/): 8-bit greyscale, no interlacing.
 *
 * @param width side of the square in pixels
 * @param isDark whether the pixel is black
 */
export function squarePng(width: number, isDark: (x: number, y: number) => boolean): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc((width + 1) * width, 255)
  for (let y = 0; y < width; y += 1) {
    rows[y * (width + 1)] = 0
    for (let x = 0; x < width; x += 1) if (isDark(x, y)) rows[y * (width + 1) + 1 + x] = 0
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(width, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk("IHDR", header),
      chunk("IDAT", deflateSync(rows)),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  )
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
