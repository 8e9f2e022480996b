import { once } from "node:events"
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createSimulator, startSimulator } from "@denglu/simulator"
import { type StartedStage, startStage } from "@denglu/stage"
import { createLogin, type Login } from "denglu"
import { afterAll, beforeAll, expect, test } from "vitest"
import { click, type Opened, soon, useChromium } from "../packages/stage/test/chromium/mouse.ts"
import { root } from "../scripts/repository.ts"

/** Two mini programs of one company with one login server, each the example with its own appid, on phones of one person. */
const chromium = useChromium()
const shop = { appid: "wxsim0000000000101", secret: "00000000000000000000000000000101" }
const club = { appid: "wxsim0000000000102", secret: "00000000000000000000000000000102" }
const folder = mkdtempSync(join(tmpdir(), "denglu-two-"))
const stages: StartedStage[] = []
let wechat: Awaited<ReturnType<typeof startSimulator>>
let login: Login
let server: Server
let baseUrl: string

beforeAll(async () => {
  // Where the copies find @denglu/miniprogram.
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  wechat = await startSimulator({ port: 0, simulator: createSimulator({ apps: [shop, club] }) })
  login = await createLogin({
    apps: [shop, club],
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-twice",
    limits: false,
    wechat: { simulator: wechat.url },
  })
  server = createServer((req, res) => {
    if (req.url !== "/orders") return login.node(req, res)
    res.setHeader("content-type", "application/json").end('{"orders":[]}')
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  await Promise.all(stages.map(stage => stage.close()))
  server.closeAllConnections()
  server.close()
  await login.close()
  await wechat.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A phone on which the person has opened the mini program. */
async function open({ appid }: { readonly appid: string }, user: string): Promise<Opened> {
  const copy = join(folder, appid)
  const filter = (path: string) => !/[/\\](node_modules|miniprogram_npm)$/.test(path)
  cpSync(join(root, "examples/miniprogram"), copy, { recursive: true, filter })
  const config = { baseUrl, appid }
  const lines = Object.entries(config).map(([name, value]) => `export const ${name}: string = "${value}"\n`)
  writeFileSync(join(copy, "miniprogram/config.ts"), lines.join(""))
  const conditions = ["denglu-source"]
  const stage = await startStage({ root: copy, port: 0, wechat: wechat.url, user, appid, conditions })
  stages.push(stage)
  return chromium.open(stage.url)
}

const yes = ".stage-box-confirm"
const tab = (number: number) => `.stage-tab >> nth=${number}`

/** What a person does with a phone. */
function handOf({ page, phone }: Opened) {
  const on = (selector: string) => phone.locator(selector).filter({ visible: true }).first()
  const tap = async (selector: string) => {
    await on(selector).waitFor()
    await on(selector).scrollIntoViewIfNeeded()
    await click(page, on(selector))
  }
  return {
    tap,
    /** Waits until it shows the text. */
    sees: (selector: string, text: string | RegExp) => soon(() => on(selector).innerText()).toMatch(text),
    async logIn() {
      await tap("#open-login")
      await tap("#agree")
      await tap("#login")
    },
    async openMe() {
      await tap(tab(1))
      await on("#phone-number").waitFor()
    },
    type: async (selector: string, text: string) => {
      await tap(selector)
      await page.keyboard.type(text)
    },
  }
}

test("two mini programs, one user: nickname and phone number of the one are the other's, so are the devices, and whoever deletes the account in one comes back in the other", async () => {
  const [inShop, inClub] = [await open(shop, "alice"), await open(club, "alice")]
  const [atShop, atClub] = [handOf(inShop), handOf(inClub)]

  await atShop.logIn()
  await atShop.sees("#greeting", "微信用户")
  await atShop.openMe()
  await atShop.type("#nickname", "小爱")
  await atShop.tap("#save")
  await atClub.logIn()
  await atClub.sees("#greeting", "小爱")

  await atClub.openMe()
  await atClub.sees("#phone-number", "未绑定")
  await atClub.tap("#bind-phone")
  await atClub.tap("#privacy-agree")
  await atClub.tap(".stage-sheet-item")
  await atClub.sees("#phone-number", /^100\*{4}\d{4}$/)
  await atShop.tap(tab(0))
  await atShop.openMe()
  await atShop.sees("#phone-number", /^100\*{4}\d{4}$/)

  await atShop.tap("#open-sessions")
  await atShop.sees("#other-sessions", /\S/)
  const [conflict] = (await login.users.conflicts()).conflicts
  expect(conflict).toBeUndefined()

  await atClub.tap("#open-leave")
  await atClub.tap("#leave")
  await atClub.tap(yes)
  await atClub.tap(yes)
  await atClub.sees("#left", "账号已注销")
  await atShop.tap("#end-others")
  await atShop.tap(yes)
  await atShop.logIn()
  await atShop.sees(".stage-box", /恢复账号？.*20\d\d-\d\d-\d\d \d\d:\d\d 前可以恢复/s)
  await atShop.tap(yes)
  await atShop.sees("#no-other-sessions", "没有在其他设备登录")
  await atClub.tap("#done")
  await atClub.logIn()
  await atClub.sees("#phone-number", /^100\*{4}\d{4}$/)
  expect([...inShop.errors, ...inClub.errors]).toEqual([])
})
