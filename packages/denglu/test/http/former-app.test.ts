import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { alice, codeOf, type PasswordHarness, passwordHarness } from "../support/password-harness.ts"

const other = { appid: "wx00000000000000a2", secret: "0123456789abcdef0123456789abcdef" }

let folder: string
let harness: PasswordHarness
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "denglu-former-app-"))
})
afterEach(async () => {
  await harness.close()
  rmSync(folder, { recursive: true })
})

test("who has an identity of a former app only keeps the password", async () => {
  const store = `sqlite:${join(folder, "login.db")}`
  harness = await passwordHarness({ store })
  const { access_token: token } = await harness.logIn("alice")
  const chosen = await harness.send("POST", "/me/password", {
    token,
    body: { ...alice, code: harness.code("alice") },
  })
  expect(chosen.status).toBe(200)
  await harness.close()

  harness = await passwordHarness({ store, apps: [other] })
  const remove = async () => {
    const { body } = await harness.logInWith()
    return codeOf(await harness.send("DELETE", "/me/password", { token: body.access_token }))
  }
  expect(await remove()).toEqual([409, "last_way_in"])
})
