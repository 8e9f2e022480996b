import { expect, test } from "vitest"
import { usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees, press } = playground

test("open data is read by the server; after WeChat has changed its key, one more tap heals it", async () => {
  await playground.logIn()
  await tap(".stage-tab >> nth=1")
  await tap("#open-open-data")
  await tap("#read-open-data")
  expect(await sees("#open-data")).toMatch(/wxsim\w{13}/)

  await press("rotate-session-key")
  await playground.clear()
  await tap("#read-open-data")
  expect(await sees("#open-data-problem")).toBe("微信的密钥已更换，请再点一次")
  const messages = await playground.messages()
  expect(messages.filter(line => /POST|40|200/.test(line))).toEqual([
    "8 POST /me/open-data",
    "8 400 Bad Request",
    "2 POST /login",
    "4 200 OK",
    "7 200 OK",
  ])
  await tap("#read-open-data")
  await expect.poll(() => playground.on("#open-data-problem").count(), { timeout: 10_000 }).toBe(0)
  expect(await sees("#open-data")).toMatch(/wxsim\w{13}/)
})
