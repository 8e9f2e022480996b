import { expect, test } from "vitest"
import { loginOfKnown, orders, usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees } = playground

async function logOut(): Promise<void> {
  await tap(".stage-tab >> nth=1")
  await tap("#logout")
  await tap(".stage-box-confirm")
  await sees("#open-login")
}

test("a phone that starts anew is still logged in, and asks nobody about it", async () => {
  await playground.logIn()
  await playground.clear()
  await playground.reloadPhone()
  await sees("#orders")
  expect(await playground.messages()).toEqual(orders)
})

test("after a restart of the login server the session is still good", async () => {
  await playground.logIn()
  await playground.clear()
  await playground.press("restart-server")
  await playground.page.getByText("会话和签名密钥都在数据库里，所有令牌照样有效。").waitFor()
  await playground.untilMessages(1)
  await tap("#refresh-orders")
  await playground.untilMessages(3)
  expect(await sees("#orders")).toContain("¥")
  expect(await playground.messages()).toEqual(["restart", ...orders])
})

test("after npm start was stopped and started again the page comes back, and the session is still good", async () => {
  await playground.logIn()
  await playground.startAgain()
  await playground.page.locator('[data-link="open"]').waitFor()
  await tap("#refresh-orders")
  await playground.untilMessages(2)
  expect(await sees("#orders")).toContain("¥")
  await playground.reloadPhone()
  await sees("#orders")
  expect(await playground.messages()).toEqual([...orders, ...orders])
})

test("a logout elsewhere is noticed at the next request, and nothing logs in again by itself", async () => {
  await playground.logIn()
  await playground.clear()
  await playground.press("log-out-elsewhere")
  await playground.page.getByText("SDK 清掉会话，等用户自己再点登录。").waitFor()
  await playground.untilMessages(9)
  await playground.clear()
  await tap("#refresh-orders")
  await sees("#open-login")
  const noticed = ["8 GET /orders", "8 401 Unauthorized", "POST /refresh", "401 Unauthorized"]
  expect(await playground.messages()).toEqual(noticed)
  await playground.reloadPhone()
  await sees("#open-login")
  expect(await playground.messages()).toEqual(noticed)
})

test("who logged out stays logged out, until they tap", async () => {
  await playground.logIn()
  await playground.clear()
  await logOut()
  await playground.untilMessages(5)
  expect(await playground.messages()).toEqual([
    // The profile's page looks which number is bound.
    "8 GET /me",
    "8 200 OK",
    "POST /logout",
    "INSERT revocations, audit; UPDATE sessions",
    "200 OK",
  ])
  await playground.clear()
  await playground.reloadPhone()
  await sees("#open-login")
  await tap(".stage-tab >> nth=1")
  await sees("#open-login")
  expect(await playground.messages()).toEqual([])
  await tap(".stage-tab >> nth=0")
  await playground.logIn()
  // The profile's page is still there behind the other one, and asks for the number as that does for the orders.
  await playground.untilMessages(12)
  const messages = await playground.messages()
  expect(messages.slice(0, 8)).toEqual(loginOfKnown)
  expect(messages.slice(8).toSorted()).toEqual([...orders, "8 GET /me", "8 200 OK"].toSorted())
})

test("a server that is stopped is told on the page, and the phone says that its request failed", async () => {
  await playground.logIn()
  await playground.startAgain(async () => {
    await playground.page.locator(".link-note").waitFor()
    await tap("#refresh-orders")
    expect(await sees("#orders-failed")).toContain("请稍后再试")
    await playground.press("slow-network")
    await playground.page.getByText("演练场没有应答").waitFor()
  })
  await playground.page.locator('[data-link="open"]').waitFor()
  await tap("#retry-orders")
  expect(await sees("#orders")).toContain("¥")
})
