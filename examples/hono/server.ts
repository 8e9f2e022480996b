import { serve } from "@hono/node-server"
import { createLogin } from "denglu"
import { loginRoutes, requireUser } from "denglu/hono"
import { Hono } from "hono"

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

const app = new Hono()
app.use(loginRoutes(login)) // POST /login, /refresh, /logout, GET /me …
app.get("/orders", requireUser(login), c => c.json({ orders: [], of: c.var.user.id }))

const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: "127.0.0.1" }, address => {
  console.log("listening on", address)
})

process.once("SIGTERM", () => {
  login.drain()
  server.close(() => login.close())
})
