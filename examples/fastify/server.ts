import { createLogin } from "denglu"
import { loginRoutes, requireUser } from "denglu/fastify"
import fastify from "fastify"

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

const app = fastify()
app.register(loginRoutes, { login }) // POST /login, /refresh, /logout, GET /me …
app.get("/orders", { onRequest: requireUser(login) }, async request => {
  return { orders: [], of: request.user.id }
})
app.addHook("onClose", () => login.close())

await app.listen({ port: Number(PORT), host: "127.0.0.1" })
console.log("listening on", app.server.address())

process.once("SIGTERM", () => {
  login.drain()
  void app.close()
})
