import { expect, test } from "vitest"
import { usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees } = playground

const yes = ".stage-box-confirm"
const tab = (number: number) => `.stage-tab >> nth=${number}`

test("the account is deleted with a code of its own, a login is refused, and one that restores brings it back", async () => {
  await playground.logIn()
  await tap(tab(1))
  await tap("#open-leave")
  await playground.clear()
  await tap("#leave")
  await tap(yes)
  await tap(yes)
  expect(await sees("#left")).toContain("账号已注销")
  expect(await playground.messages()).toEqual([
    "1 wx.login()",
    "1 login:ok",
    "8 POST /me/delete",
    "GET /sns/jscode2session",
    "200 OK",
    expect.stringMatching(/^INSERT .*\bleaving\b.*UPDATE users\b/),
    "8 200 OK",
  ])
  await playground.clear()
  await tap("#done")
  await tap("#open-login")
  await tap("#agree")
  await tap("#login")
  expect(await sees(".stage-box")).toContain("恢复账号？")
  await tap(yes)
  await sees("#phone-number")
  const asked = ["1 wx.login()", "1 login:ok", "2 POST /login", "3 GET /sns/jscode2session", "4 200 OK"]
  expect((await playground.messages()).slice(0, 14)).toEqual([
    ...asked,
    "7 403 Forbidden",
    ...asked,
    "5 UPDATE users",
    expect.stringMatching(/^6 INSERT sessions, audit; .*DELETE leaving$/),
    "7 200 OK",
  ])
})
