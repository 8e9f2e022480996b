const orientationTag = 0x0112
const short = 3

/**
 * How the camera was held, 1 to 8, out of a JPEG's Exif; 1 where it doesn't say. It is the one thing of it that shows: without it a photo would
 * lie on its side.
 *
 * @param tiff what comes behind `Exif\0\0`
 */
export function orientationOf(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 8) return 1
  const order = view.getUint16(0)
  const little = order === 0x4949
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return 1
  const at = view.getUint32(4, little)
  if (at + 2 > tiff.length) return 1
  const count = view.getUint16(at, little)
  for (let entry = at + 2, left = count; left > 0 && entry + 12 <= tiff.length; entry += 12, left -= 1) {
    if (view.getUint16(entry, little) !== orientationTag) continue
    const value = view.getUint16(entry + 8, little)
    const isGood = view.getUint16(entry + 2, little) === short && view.getUint32(entry + 4, little) === 1
    return isGood && value >= 1 && value <= 8 ? value : 1
  }
  return 1
}

/** A JPEG segment that says the orientation and nothing else. */
export function orientationSegment(orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, short, 0, 0, 0, 1, 0, orientation, 0, 0]
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff, 0, 0, 0, 0]
  return Uint8Array.of(0xff, 0xe1, 0, exif.length + 2, ...exif)
}
