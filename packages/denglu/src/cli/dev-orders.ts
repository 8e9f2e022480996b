import type { IncomingMessage, ServerResponse } from "node:http"
import { browserRequestOf } from "../http/browser-session.ts"
import type { Login } from "../running-login.ts"
import type { Language } from "./language.ts"

/** What somebody has ordered, so that the pretend shop has something to show. Prices are in fen, 1/100 yuan. */
const goods = [
  { title: { en: "Coffee beans, Yunnan, 250 g", zh: "手冲咖啡豆 · 云南 250 g" }, price_cents: 6_800 },
  { title: { en: "Porcelain mug, moon white", zh: "陶瓷马克杯 · 月白" }, price_cents: 4_500 },
  { title: { en: "Oat milk, 1 L × 6", zh: "燕麦奶 · 1 L × 6" }, price_cents: 8_990 },
]

/**
 * `GET /orders`, a business route as a shop's own server has it: it knows who asks by the access token alone,
 * in a header or a cookie.
 * `denglu dev` has it so that there is something to log in for. The front page says where the playground is; everything else is the login's to refuse.
 */
export async function answerOrders(
  login: Login,
  playground: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const json = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" }
  const path = req.method === "GET" ? req.url?.split("?")[0] : undefined
  const language = /^zh/i.test(req.headers["accept-language"] ?? "") ? "zh" : "en"
  if (path === "/") {
    res.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    res.end(
      language === "zh"
        ? `登录服务器。演练场：${playground}\n`
        : `A login server. Its playground: ${playground}\n`,
    )
    return
  }
  if (path !== "/orders") {
    login.node(req, res)
    return
  }
  try {
    const { userId } = await login.authenticate(req.headers.authorization, browserRequestOf(req))
    res.writeHead(200, json).end(JSON.stringify({ orders: ordersOf(userId, language) }))
  } catch (error) {
    const { status, headers, body } = login.problem(error, req.headers["accept-language"])
    res.writeHead(status, headers).end(body)
  }
}

/** The same for the same user, and not the same for everybody. */
function ordersOf(userId: string, language: Language) {
  const sum = [...userId].reduce((total, character) => total + character.charCodeAt(0), 0)
  return goods.slice(0, 2 + (sum % 2)).map(({ title, price_cents }, index) => ({
    id: `${20_260_100 + (sum % 90)}-${index + 1}`,
    title: title[language],
    price_cents,
    created_at: new Date(Date.UTC(2026, 0, 10 + ((sum + index * 7) % 18), 8 + index, 30)).toISOString(),
  }))
}
