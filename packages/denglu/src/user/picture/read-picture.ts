import { isJpeg, readJpeg } from "./jpeg.ts"
import { type Picture, PictureRefusal } from "./picture.ts"
import { isPng, readPng } from "./png.ts"
import { isWebp, readWebp } from "./webp.ts"

/**
 * Makes out what a picture is by what is in it, and answers it without its metadata. No pixel is decoded: the file is walked through to its end,
 * and written anew out of the parts that show something.
 *
 * @throws PictureRefusal
 */
export function readPicture(bytes: Uint8Array): Picture {
  if (isJpeg(bytes)) return readJpeg(bytes)
  if (isPng(bytes)) return readPng(bytes)
  if (isWebp(bytes)) return readWebp(bytes)
  throw new PictureRefusal(bytes.length === 0 ? "it is empty" : "it is no JPEG, PNG or WebP")
}
