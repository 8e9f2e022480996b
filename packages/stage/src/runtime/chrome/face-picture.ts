/** Colours as three bytes. */
type Colour = readonly [number, number, number]

const side = 132
/** Four colours of two bits each: paper, two steps between, ink. */
const bitsAPixel = 2
const lineLength = 1 + (side * bitsAPixel) / 8

/** A face of two circles as a PNG, such as phones have them: written here, since there is neither Node nor a canvas everywhere. */
export function facePicture(ink: string, paper: string): Uint8Array<ArrayBuffer> {
  const [dark, light] = [colourOf(ink), colourOf(paper)]
  const palette = [0, 1, 2, 3].flatMap(step => light.map((value, n) => mixed(value, dark[n] as number, step)))
  const header = [...big(side), ...big(side), bitsAPixel, 3, 0, 0, 0]
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", header),
    ...chunk("PLTE", palette),
    ...chunk("IDAT", stored(lines())),
    ...chunk("IEND", []),
  ])
}

function colourOf(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function mixed(light: number, dark: number, step: number): number {
  return Math.round(light + ((dark - light) * step) / 3)
}

/** Each pixel is looked at in three places, so that the circles' edges are smooth. */
function lines(): number[] {
  const bytes: number[] = []
  for (let y = 0; y < side; y += 1) {
    bytes.push(0)
    for (let x = 0; x < side; x += 4)
      bytes.push([0, 1, 2, 3].reduce((byte, n) => (byte << bitsAPixel) | shade(x + n, y), 0))
  }
  return bytes
}

function shade(x: number, y: number): number {
  return [0.2, 0.5, 0.8].filter(part => isInk(x + part, y + part)).length
}

function isInk(x: number, y: number): boolean {
  return Math.hypot(x - 66, y - 52) < 24 || Math.hypot(x - 66, y - 132) < 46
}

/** A zlib stream (RFC 1950) that compresses nothing: one block, which may have 65,535 bytes. */
function stored(bytes: readonly number[]): number[] {
  const length = lineLength * side
  let [a, b] = [1, 0]
  for (const byte of bytes) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  const little = (value: number) => [value & 255, (value >> 8) & 255]
  return [0x78, 0x01, 1, ...little(length), ...little(~length), ...bytes, ...big(b * 65_536 + a)]
}

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...type].map(letter => letter.charCodeAt(0)).concat(data)
  return [...big(data.length), ...body, ...big(crc(body))]
}

function crc(bytes: readonly number[]): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

function big(value: number): number[] {
  return [24, 16, 8, 0].map(shift => (value >>> shift) & 255)
}
