import { createLogin, type User } from "@denglu/web"
import "@denglu/web/panel"
import { element } from "./element.ts"
import { linkPhone } from "./link-phone.ts"
import { texts } from "./texts.ts"
import "./shop.css"

/** A web shop like any other: it knows @denglu/web and nothing of the playground around it, save that it says how it stands. */
const language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh"
const t = texts[language]
const login = createLogin({ baseUrl: new URL("site", location.href).href, language })

/** Milliseconds between two looks whether the session still holds. */
const lookEvery = 3_000

document.documentElement.lang = language === "zh" ? "zh-CN" : "en"
document.title = t.shop

const main = one("main")
const enter = one<HTMLButtonElement>("#enter")
const leave = one<HTMLButtonElement>("#leave")
one("h1").textContent = t.shop
enter.textContent = t.enter
leave.textContent = t.leave

function one<Found extends HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector)
  if (found === null) throw new Error(`the page has no ${selector}`)
  return found
}

function show(view: "shop" | "login" | "account", ...content: readonly Node[]): void {
  enter.hidden = view !== "shop"
  leave.hidden = view !== "account"
  main.dataset.view = view
  main.replaceChildren(...content)
  parent.postMessage({ shop: view }, location.origin)
}

function list(rows: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    "ul",
    { class: "goods" },
    ...rows.map(([title, price]) =>
      element("li", {}, element("span", {}, title), element("span", { class: "price" }, price)),
    ),
  )
}

/** @param note why nobody is logged in any more */
function showShop(note?: string): void {
  const said = note === undefined ? [] : [element("p", { class: "note" }, note)]
  said[0]?.setAttribute("role", "status")
  show("shop", ...said, element("h2", {}, t.news), list(t.goods), element("p", { class: "hint" }, t.hint))
}

function showLogin(): void {
  const panel = document.createElement("denglu-login")
  panel.login = login
  panel.setAttribute("ways", "scan sms password")
  show("login", panel)
}

async function showAccount(user: User): Promise<void> {
  const name = user.nickname ?? t.somebody(user.id.slice(0, 6))
  const orders = element("div", {})
  show(
    "account",
    element("p", { class: "hello" }, t.hello(name)),
    element("p", { class: "hint" }, t.session),
    element("h2", {}, t.orders),
    orders,
    linkPhone(login, t),
  )
  orders.append(await ordersOf())
}

interface Order {
  readonly title: string
  readonly price_cents: number
}

async function ordersOf(): Promise<HTMLElement> {
  try {
    const { orders } = await login.request<{ orders: readonly Order[] }>("/orders")
    return list(orders.map(({ title, price_cents }) => [title, `¥${(price_cents / 100).toFixed(2)}`]))
  } catch {
    return element("p", { class: "note" }, t.failed)
  }
}

let leaving = false
enter.addEventListener("click", showLogin)
leave.addEventListener("click", () => {
  leaving = true
  void login.logout().finally(() => {
    leaving = false
  })
})
login.onChange(user => {
  if (user === null) showShop(leaving ? undefined : t.ended)
  else void showAccount(user)
})
setInterval(() => {
  // A session that was ended elsewhere is noticed here: whoever listens hears of it.
  if (login.user !== null && !document.hidden) login.request("/me").catch(() => {})
}, lookEvery)

if (login.user === null) showShop()
else void showAccount(login.user)
