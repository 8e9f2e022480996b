import { writeFileSync } from "node:fs"
import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { backlog } from "../../../packages/denglu/src/cli/serve.ts"

/** How many different tokens a round sends. */
export const tokenCount = 1_000

/** Writes the headers that the load sends, one a line: `authorization: Bearer …`. */
export function writeHeaders(lines: readonly string[]): void {
  writeFileSync(process.env.BENCH_HEADERS as string, `${lines.join("\n")}\n`)
}

/** Tells the bench where the server is, and which process it is: it may have been started through another program. */
export function tellReady(port: number, say: (line: string) => void = console.log): void {
  say(`ready ${port} ${process.pid}`)
}

/** Listens as `denglu start` does. @param say where to tell it, if standard output is a log */
export function listen(server: Server, say?: (line: string) => void): void {
  server.listen({ port: 0, host: "127.0.0.1", backlog }, () =>
    tellReady((server.address() as AddressInfo).port, say),
  )
  process.on("SIGTERM", () => process.exit(0))
}
