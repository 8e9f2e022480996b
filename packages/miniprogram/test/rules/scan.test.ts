import { LoginError } from "@denglu/miniprogram"
import { confirmScan, denyScan, openScan, ScanError } from "@denglu/miniprogram/scan"
import type { ScanBy } from "@denglu/simulator"
import { afterEach, expect, test, vi } from "vitest"
import { type MiniProgram, startMiniProgram } from "../support/mini-program.ts"

let phone: MiniProgram
afterEach(async () => {
  await phone.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const start = async () => {
  phone = await startMiniProgram({ server: { scan: { siteName: "shop" }, limits: false } })
}

/** A browser asks for a code, and the phone comes to its page. */
async function scan(by: ScanBy = "camera") {
  const answer = await phone.server.fetch(
    new Request("http://login.test/scan", { method: "POST", body: '{"binding":"value"}' }),
  )
  const { id, number, secret } = (await answer.json()) as { id: string; number: string; secret: string }
  const entered = phone.weChat.scanCode({ by })
  if (entered === undefined) throw new Error("the camera sees no code")
  const status = async () => {
    const headers = { "denglu-scan-secret": secret }
    const response = await phone.server.fetch(new Request(`http://login.test/scan/${id}`, { headers }))
    return ((await response.json()) as { status: string }).status
  }
  return { id, number, entered, status }
}

const paths = () => phone.sent.map(({ path }) => path).filter(path => path.startsWith("/scan"))

test("a scanned page asks who wants in, and yes with the number logs that browser in", async () => {
  await start()
  const { id, number, entered, status } = await scan()
  const request = await openScan(phone.login, entered.query, entered)
  expect(request).toMatchObject({ id, site: { name: "shop", origin: null }, browser: null, expires_in: 180 })
  expect(await status()).toBe("opened")
  expect(await confirmScan(phone.login, request, number)).toBeUndefined()
  expect(await status()).toBe("confirmed")
  expect(phone.to("/scan/open").map(({ body }) => body)).toEqual([
    { scene: entered.query.scene, launch_scene: 1047 },
  ])
})

test("how the mini program was opened is asked of wx where nobody says it", async () => {
  await start()
  const { entered, status } = await scan()
  vi.stubGlobal("wx", { getEnterOptionsSync: () => entered })
  await openScan(phone.login, entered.query)
  expect(await status()).toBe("opened")
})

test.each([
  [false, false],
  [undefined, false],
  [true, true],
] as const)("no is told, and with not_me %s", async (notMe, sent) => {
  await start()
  const { entered, status } = await scan()
  const request = await openScan(phone.login, entered.query, entered)
  await denyScan(phone.login, request, notMe)
  expect(await status()).toBe("denied")
  expect(phone.sent.at(-1)?.body).toEqual({ not_me: sent })
})

test.each(["picture", "album", "card", "group_card"] as const)(
  "a code that comes as a %s is refused, and nothing is sent",
  async by => {
    await start()
    const { entered, status } = await scan(by)
    await expect(openScan(phone.login, entered.query, entered)).rejects.toMatchObject({
      name: "ScanError",
      code: "not_scanned",
    })
    expect([await status(), paths()]).toEqual(["waiting", []])
  },
)

test("so is a page to which another one leads after some code was scanned, or that has no code", async () => {
  await start()
  const { entered } = await scan()
  const other = await scan()
  for (const query of [other.entered.query, {}, { scene: "" }, { scene: "a/../b" }])
    await expect(openScan(phone.login, query, entered)).rejects.toBeInstanceOf(ScanError)
  await expect(
    openScan(phone.login, { scene: "a%2Fb" }, { scene: 1047, query: { scene: "a%2Fb" } }),
  ).rejects.toBeInstanceOf(ScanError)
  expect(paths()).toEqual([])
})

test("a wrong number, and an answer that comes too late, are the server's own errors", async () => {
  await start()
  const { number, entered } = await scan()
  const request = await openScan(phone.login, entered.query, entered)
  const wrong = confirmScan(phone.login, request, number === "10" ? "11" : "10")
  await expect(wrong).rejects.toBeInstanceOf(LoginError)
  await expect(wrong).rejects.toMatchObject({ code: "ticket_number_wrong", retryable: false })
  await expect(confirmScan(phone.login, request, number)).rejects.toMatchObject({ code: "ticket_invalid" })
})
