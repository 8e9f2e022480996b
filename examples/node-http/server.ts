import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { createLogin } from "denglu"

const { WECHAT_APPID, WECHAT_SECRET, DENGLU_SECRET, WECHAT_SIMULATOR, PORT = "4000" } = process.env
if (!WECHAT_APPID || !WECHAT_SECRET || !DENGLU_SECRET) {
  console.error("Set WECHAT_APPID, WECHAT_SECRET and DENGLU_SECRET; README.md says where they come from.")
  process.exit(1)
}

const login = await createLogin({
  apps: [{ appid: WECHAT_APPID, secret: WECHAT_SECRET }],
  store: "sqlite:./data/login.db",
  secret: DENGLU_SECRET,
  ...(WECHAT_SIMULATOR ? { wechat: { simulator: WECHAT_SIMULATOR } } : {}),
})

// The login answers its own routes and leaves everything else to us.
const server = createServer((req, res) => login.node(req, res, () => answer(req, res)))

async function answer(req: IncomingMessage, res: ServerResponse) {
  try {
    if (req.url !== "/orders") return void res.writeHead(404).end()
    const { userId } = await login.authenticate(req.headers.authorization)
    res.setHeader("content-type", "application/json").end(JSON.stringify({ orders: [], of: userId }))
  } catch (error) {
    const { status, headers, body } = login.problem(error, req.headers["accept-language"])
    res.writeHead(status, headers).end(body)
  }
}

server.listen(Number(PORT), "127.0.0.1", () => console.log("listening on", server.address()))

process.once("SIGTERM", () => {
  login.drain()
  server.close(() => login.close())
})
