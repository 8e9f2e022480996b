import type { IncomingMessage, ServerResponse } from "node:http"
import { listFiles, type StaticFiles, serveFile } from "./static-files.ts"
import { waitingPage } from "./waiting-page.ts"

/** The playground's page; until it is built, one that waits for it. */
export interface Page {
  /** Whether it is `/` or one of the page's files. */
  has(pathname: string): boolean
  /** Answers what {@link has} says yes to. */
  serve(pathname: string, req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Resolves when it is built, or could not be. */
  readonly settled: Promise<void>
}

/** @param built the folder it is in; `undefined` if it could not be built */
export function openPage(built: Promise<string | undefined>): Page {
  let files: StaticFiles | undefined

  async function settle(): Promise<void> {
    const folder = await built
    files = folder === undefined ? new Map() : listFiles(folder)
  }

  return {
    settled: settle(),
    has: pathname => pathname === "/" || files?.has(pathname) === true,
    async serve(pathname, req, res) {
      const file = files?.get(pathname === "/" ? "/index.html" : pathname)
      if (req.method !== "GET" && req.method !== "HEAD") res.writeHead(405, { allow: "GET, HEAD" }).end()
      else if (file !== undefined) await serveFile(file, req, res)
      else {
        res.writeHead(503, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
        res.end(waitingPage(files === undefined ? "building" : "failed"))
      }
    },
  }
}
