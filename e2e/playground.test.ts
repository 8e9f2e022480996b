import { expect, test } from "vitest"
import { loginOfKnown, orders, usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees, on, click } = playground

/** The modal's button that says yes. */
const yes = ".stage-box-confirm"
const tab = (number: number) => `.stage-tab >> nth=${number}`

test("a tap on the login button logs in: the nine steps happen, are drawn, and the orders are shown", async () => {
  const problems: string[] = []
  playground.page.on("pageerror", error => problems.push(error.message))
  playground.page.on("console", message => message.type() === "error" && problems.push(message.text()))
  await click(playground.page.getByRole("button", { name: "小美" }))
  await playground.page.locator('.chip[aria-pressed="true"]', { hasText: "小美" }).waitFor()
  await playground.clear()
  await tap("#open-login")
  await tap("#login")
  expect(await sees("#problem")).toContain("请先阅读")
  await tap("#agree")
  await tap("#login")
  expect(await sees("#orders")).toMatch(/¥\d+\.\d\d/)
  expect(await playground.messages()).toEqual([
    "1 wx.login()",
    "1 login:ok",
    "2 POST /login",
    "3 GET /sns/jscode2session",
    "4 200 OK",
    "5 INSERT users, identities",
    "6 INSERT identities, sessions, audit",
    "7 200 OK",
    ...orders,
  ])
  const { page } = playground
  await page.locator(".messages > .message").nth(9).waitFor()
  const states = page
    .locator(".step")
    .evaluateAll(steps => steps.map(step => step.getAttribute("data-state")))
  expect(await states).toEqual([...Array(7).fill("done"), "now", "todo"])
  expect(problems).toEqual([])
})

test("a message opens to its headers and body, with secrets masked, and the token's clock runs", async () => {
  await playground.logIn()
  const { page } = playground
  const reply = page.locator(".message", { hasText: "服务器返回自己签发的令牌" })
  await click(reply.getByRole("button").first())
  expect(await reply.locator(".secret code").allInnerTexts()).toEqual([
    expect.stringMatching(/^eyJh…\(\d+\)$/),
    expect.stringMatching(/^r1\..…\(\d+\)$/),
  ])
  const clock = reply.locator(".token-time b")
  const first = await clock.innerText()
  await expect.poll(() => clock.innerText(), { timeout: 10_000 }).not.toBe(first)
  const kept = await page
    .frames()
    .find(frame => frame.url().includes("/phone/"))
    ?.evaluate(() => JSON.stringify(localStorage))
  const whole = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(kept ?? "")?.[0]
  expect(whole).toBeDefined()
  expect(await page.content()).not.toContain(whole)
})

test("a business request is one message each way", async () => {
  await playground.logIn()
  await playground.clear()
  await tap("#refresh-orders")
  await playground.untilMessages(2)
  expect(await sees("#orders")).toContain("¥")
  expect(await playground.messages()).toEqual(orders)
})

test("who taps twice logs in once", async () => {
  await tap("#open-login")
  await tap("#agree")
  const button = await on("#login").boundingBox()
  if (button === null) throw new Error("there is no button")
  await playground.page.mouse.dblclick(button.x + button.width / 2, button.y + button.height / 2)
  await sees("#orders")
  expect(await playground.messages()).toEqual([...loginOfKnown, ...orders])
})

test("another person who gets the phone is another user; the first one is still logged in", async () => {
  await playground.logIn()
  const { page } = playground
  await click(page.getByRole("button", { name: "阿强" }))
  await sees("#open-login")
  await playground.clear()
  await playground.logIn()
  expect(await playground.messages()).toContain("5 INSERT users, identities")
  await playground.clear()
  await click(page.getByRole("button", { name: "小丽" }))
  await playground.untilMessages(3)
  await sees("#orders")
  expect(await playground.messages()).toEqual(["alice", ...orders])
})

test("avatar and nickname: the person is asked for consent, chooses, and is shown so everywhere", async () => {
  await playground.logIn()
  await tap(tab(1))
  await tap("#avatar")
  await tap("#privacy-agree")
  await tap(".stage-sheet-item")
  await expect
    .poll(() => on("#avatar img").getAttribute("src"), { timeout: 10_000 })
    .toMatch(/\/avatars\/[0-9a-v]{26}\.png$/)
  const isDrawn = () => on("#avatar img").evaluate(image => (image as HTMLImageElement).naturalWidth)
  await expect.poll(isDrawn, { timeout: 10_000 }).toBe(132)
  await tap("#nickname input")
  await playground.page.keyboard.type("云上的小丽")
  await playground.clear()
  await tap("#save")
  await playground.untilMessages(3)
  expect(await playground.messages()).toEqual(["8 POST /me", "INSERT audit; UPDATE users", "8 200 OK"])
  await tap(tab(0))
  expect(await sees("#greeting")).toContain("云上的小丽")
  await tap(tab(1))
  await tap("#language-en")
  expect(await sees("#logout")).toBe("Log out")
})

test("who refuses consent chooses no avatar", async () => {
  await playground.logIn()
  await tap(tab(1))
  await tap("#avatar")
  await tap("#privacy-refuse")
  await on("#privacy-refuse").waitFor({ state: "detached" })
  expect(await on(".stage-sheet-item").count()).toBe(0)
})

test("another device is listed, and logged out from here", async () => {
  const elsewhere = await playground.logInElsewhere("alice")
  const me = () => fetch(`${playground.login}/me`, { headers: { authorization: `Bearer ${elsewhere}` } })
  expect((await me()).status).toBe(200)
  await playground.logIn()
  await tap(tab(1))
  await tap("#open-sessions")
  await sees("#other-sessions")
  await tap("#end-others")
  await tap(yes)
  await sees("#no-other-sessions")
  expect((await me()).status).toBe(401)
})

test("at 390 pixels a person logs in, looks, and lets something go wrong, without scrolling sideways", async () => {
  await playground.openPage({ viewport: { width: 390, height: 844 } })
  await playground.logIn()
  const { page } = playground
  const width = () => page.locator("html").evaluate(html => html.scrollWidth)
  expect(await width()).toBe(390)
  await click(page.getByRole("button", { name: "8 带令牌" }))
  await page.locator(".message").last().waitFor()
  expect(await width()).toBe(390)
  await click(page.getByRole("button", { name: "去看故障" }))
  await playground.press("lost-response")
  await page.locator('[data-control="lost-response"][aria-pressed="true"]').waitFor()
  expect(await width()).toBe(390)
  await playground.press("lost-response")
})
