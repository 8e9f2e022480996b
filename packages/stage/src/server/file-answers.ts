import { createReadStream } from "node:fs"
import type { ServerResponse } from "node:http"
import { extname } from "node:path"
import { pipeline } from "node:stream/promises"
import { ownHeaders, sendText } from "./plain-http.ts"

/** What a page may load of a mini program's folder: pictures, sounds, films, fonts. */
const types: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
  ".ico": "image/x-icon",
  ".mp3": "audio/mpeg",
  ".m4a": "audio/mp4",
  ".wav": "audio/wav",
  ".mp4": "video/mp4",
  ".ttf": "font/ttf",
  ".otf": "font/otf",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
}

/** Serves the media files of a mini program. @param locate where a path from its root is on the disk, or `null` */
export function createFileAnswers(locate: (path: string) => string | null): {
  answer(path: string, res: ServerResponse): Promise<void>
} {
  return {
    async answer(path, res) {
      const file = locate(decoded(path))
      const type = types[extname(path).toLowerCase()]
      if (file === null || type === undefined) return sendText(res, 404, "text/plain", "no such picture")
      res.writeHead(200, { ...ownHeaders, "content-type": type, "cache-control": "no-cache" })
      await pipeline(createReadStream(file), res).catch(() => res.destroy())
    },
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
