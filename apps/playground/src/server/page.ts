import { existsSync, readdirSync, statSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { join } from "node:path"
import { listFiles, type StaticFiles, serveFile } from "./static-files.ts"
import { waitingPage } from "./waiting-page.ts"

export interface PageOptions {
  /** The page's project: has index.html, vite.config.ts and src/. */
  readonly root: string
  /** Where its built files are, or shall be. */
  readonly output: string
  /** Builds `root` to `output`. Without it the files are taken as they are. */
  readonly build: (() => Promise<void>) | undefined
  readonly onProgress: (text: string) => void
}

/** The playground's page, built when it is missing or older than its sources. */
export interface Page {
  /** Whether it is `/` or one of the page's files. */
  has(pathname: string): boolean
  /** Answers what {@link has} says yes to. */
  serve(pathname: string, req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Resolves when it is built, or could not be. */
  readonly settled: Promise<void>
}

export function openPage(options: PageOptions): Page {
  let state: "building" | "built" | "failed" = "building"
  let files: StaticFiles = new Map()

  async function settle(): Promise<void> {
    try {
      if (options.build !== undefined && isStale(options)) {
        options.onProgress("building the page …")
        const startedAt = Date.now()
        await options.build()
        options.onProgress(`the page is built (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`)
      }
      state = "built"
    } catch (error) {
      options.onProgress(`the page could not be built: ${error instanceof Error ? error.message : error}`)
      state = "failed"
    }
    // Of a page that could not be built anew the old one is better than none.
    files = listFiles(options.output)
  }

  return {
    settled: settle(),
    has: pathname => pathname === "/" || files.has(pathname),
    async serve(pathname, req, res) {
      const file = files.get(pathname === "/" ? "/index.html" : pathname)
      if (req.method !== "GET" && req.method !== "HEAD") res.writeHead(405, { allow: "GET, HEAD" }).end()
      else if (file !== undefined) await serveFile(file, req, res)
      else {
        res.writeHead(503, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
        res.end(waitingPage(state === "building" ? "building" : "failed"))
      }
    },
  }
}

function isStale({ root, output }: PageOptions): boolean {
  const built = join(output, "index.html")
  if (!existsSync(built)) return true
  const builtAt = statSync(built).mtimeMs
  return sources(root).some(file => statSync(file).mtimeMs > builtAt)
}

function sources(root: string): readonly string[] {
  const fixed = ["index.html", "vite.config.ts", join("src", "protocol.ts")].map(name => join(root, name))
  const folder = join(root, "src", "page")
  const inFolder = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name))
    : []
  return [...fixed.filter(file => existsSync(file)), ...inFolder]
}
