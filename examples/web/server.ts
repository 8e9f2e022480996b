import { readFile } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { join } from "node:path"
import { createLogin } from "denglu"
import { build } from "esbuild"

const { WECHAT_APPID, WECHAT_SECRET, DENGLU_SECRET, WECHAT_SIMULATOR, PORT = "4000" } = process.env
if (!WECHAT_APPID || !WECHAT_SECRET || !DENGLU_SECRET) {
  console.error("Set WECHAT_APPID, WECHAT_SECRET and DENGLU_SECRET; README.md says where they come from.")
  process.exit(1)
}

const login = await createLogin({
  apps: [{ appid: WECHAT_APPID, secret: WECHAT_SECRET }],
  store: "sqlite:./data/login.db",
  secret: DENGLU_SECRET,
  // Page and login are of one origin: the session is in cookies, and nothing else has to be allowed.
  browserSessions: true,
  scan: { siteName: "示例商城" },
  ...(WECHAT_SIMULATOR ? { wechat: { simulator: WECHAT_SIMULATOR } } : {}),
})

const here = (name: string) => join(import.meta.dirname, name)
const [page] = (
  await build({
    entryPoints: [here("page.js")],
    bundle: true,
    format: "esm",
    write: false,
    // Only in Denglu's own repository, where nothing is built.
    conditions: ["denglu-source"],
  })
).outputFiles
const files: Readonly<Record<string, readonly [type: string, content: string | Buffer]>> = {
  "/": ["text/html; charset=utf-8", await readFile(here("index.html"))],
  "/page.js": ["text/javascript; charset=utf-8", page?.text ?? ""],
}

// The login answers its own routes and leaves everything else to us.
const server = createServer((req, res) => login.node(req, res, () => answer(req, res)))

async function answer(req: IncomingMessage, res: ServerResponse) {
  const file = files[req.url ?? ""]
  if (file !== undefined) return void res.setHeader("content-type", file[0]).end(file[1])
  try {
    if (req.url !== "/orders") return void res.writeHead(404).end()
    const { userId } = await login.authenticate(req.headers.authorization, browser(req))
    res.setHeader("content-type", "application/json").end(JSON.stringify({ orders: [], of: userId }))
  } catch (error) {
    const { status, headers, body } = login.problem(error, req.headers["accept-language"])
    res.writeHead(status, headers).end(body)
  }
}

/** What tells a page of ours from one of another site. */
function browser({ method = "GET", headers }: IncomingMessage) {
  return { method, header: (name: string) => headers[name]?.toString() }
}

server.listen(Number(PORT), "127.0.0.1", () => console.log("listening on", server.address()))

process.once("SIGTERM", () => {
  login.drain()
  server.close(() => login.close())
})
