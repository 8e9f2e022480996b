import { createReadStream, existsSync, readdirSync } from "node:fs"
import { stat } from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import { extname, join, relative, sep } from "node:path"

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
}

/** The files of a folder, by their paths in URLs: what is not in the list is not there, whatever a path says. */
export type StaticFiles = ReadonlyMap<string, string>

/** Lists the folder as it is now. Empty if there is none. Links are left out. */
export function listFiles(folder: string): StaticFiles {
  if (!existsSync(folder)) return new Map()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return new Map(
    files.map(entry => {
      const file = join(entry.parentPath, entry.name)
      return [`/${relative(folder, file).split(sep).join("/")}`, file]
    }),
  )
}

/** Answers the file. Those that have their content's hash in their name are kept by browsers. */
export async function serveFile(file: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { size } = await stat(file)
  res.writeHead(200, {
    "content-type": contentTypes[extname(file).toLowerCase()] ?? "application/octet-stream",
    "content-length": size,
    "cache-control": /-[\w-]{8,}\.\w+$/.test(file) ? "public, max-age=31536000, immutable" : "no-cache",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
  })
  if (req.method === "HEAD") {
    res.end()
    return
  }
  createReadStream(file)
    .once("error", () => res.destroy())
    .pipe(res)
}
