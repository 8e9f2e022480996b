/**
 * One of several instances that call WeChat with the app's access_token: `node token-worker.ts '{"store": …}'`. Beside the login it answers
 * `POST /work {"calls", "userId", "ahead"}`: how many calls were done, what failed, and how often it has fetched a token since its start.
 */
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { createLogin, type LoginOptions } from "denglu"
import { openStore } from "../../packages/denglu/src/store/open-store.ts"

export interface Work {
  readonly calls: number
  readonly userId: string
  /** How far (ms) the clock is moved, from the start of the process. */
  readonly ahead: number
}

export interface Done {
  readonly done: number
  /** What failed, by its code. */
  readonly failed: readonly string[]
  readonly fetched: number
}

/** Calls that are under way at once. */
const atOnce = 8
const { guest, ...options } = JSON.parse(process.argv[2] ?? "{}") as LoginOptions & {
  /** Beside the one server that a SQLite file is for. */
  readonly guest?: boolean
}
let ahead = 0
let fetched = 0
const login = await createLogin({
  ...options,
  ...(guest && { store: await openStore(String(options.store), { role: "guest" }) }),
  clock: () => Date.now() + ahead,
  wechat: {
    ...options.wechat,
    fetch(request) {
      if (new URL(request.url).pathname.endsWith("/stable_token")) fetched += 1
      return fetch(request)
    },
  },
})

async function work(given: Work): Promise<Done> {
  ahead = given.ahead
  const failed: string[] = []
  let left = given.calls
  let done = 0
  const one = async () => {
    while (left > 0) {
      left -= 1
      try {
        if (await login.sessionKeys.check({ userId: given.userId })) done += 1
        else failed.push("the session_key is another")
      } catch (error) {
        failed.push(String(Object(error).code ?? error))
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return { done, failed, fetched }
}

async function read(req: IncomingMessage): Promise<string> {
  let text = ""
  for await (const chunk of req) text += chunk
  return text
}

const server = createServer(async (req, res) => {
  if (req.url !== "/work") return login.node(req, res)
  const done = await work(JSON.parse(await read(req)))
  res.setHeader("content-type", "application/json")
  res.end(JSON.stringify(done))
})
server.listen(0, "127.0.0.1", () => console.log(`listening ${(server.address() as AddressInfo).port}`))

process.on("SIGTERM", () => {
  server.close(() => login.close().then(() => process.exit(0)))
  server.closeIdleConnections()
})
