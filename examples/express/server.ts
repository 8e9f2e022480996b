import { createLogin } from "denglu"
import { requireUser } from "denglu/express"
import express from "express"

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

const app = express()
app.use(login.node) // POST /login, /refresh, /logout, GET /me …
app.get("/orders", requireUser(login), (req, res) => {
  res.json({ orders: [], of: req.user.id })
})

const server = app.listen(Number(PORT), "127.0.0.1", error => {
  if (error) throw error
  console.log("listening on", server.address())
})

process.once("SIGTERM", () => {
  login.drain()
  server.close(() => login.close())
})
