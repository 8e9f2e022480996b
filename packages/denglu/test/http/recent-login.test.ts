import { afterEach, expect, test } from "vitest"
import { openBrowser, scanHarness, takePhone } from "../support/scanning.ts"
import { apps, type SeveralApps, startSeveralApps } from "../support/several-apps.ts"
import { startSmsHarness } from "../support/sms-harness.ts"

/*
 * A stolen access token, or a browser's session that somebody got by showing a code of theirs, must add no other WeChat account: with one of their own
 * they could reset the password, delete the account and come back for ever.
 */

const running: { close(): Promise<void> }[] = []
afterEach(() => Promise.all(running.splice(0).map(one => one.close())))

async function start(): Promise<SeveralApps> {
  const started = await startSeveralApps()
  running.push(started)
  return started
}

const minute = 60_000
const refused = { status: 403, body: { code: "login_not_recent", retryable: false } }

test("sixteen minutes after a login no identity is attached, after another login one is", async () => {
  const { advance, codeIn, logInTo, send } = await start()
  const attach = (token: string) =>
    send("POST", "/me/identities", { token, body: { appid: apps.club, code: codeIn("club", "alice") } })
  const { access_token: token } = await logInTo("shop", "alice")
  advance(16 * minute)
  expect(await attach(token)).toMatchObject(refused)
  expect(await attach((await logInTo("shop", "alice")).access_token)).toMatchObject({ status: 200 })
})

test("nor is another account made part of it, though a preview is shown", async () => {
  const { advance, codeIn, logInTo, send } = await start()
  const proof = () => ({ appid: apps.club, code: codeIn("club", "bob") })
  await logInTo("club", "bob")
  const { access_token: token } = await logInTo("shop", "alice")
  advance(16 * minute)
  const merge = (body: object) => send("POST", "/me/merge", { token, body })
  expect((await merge({ ...proof(), preview: true })).status).toBe(200)
  expect(await merge({ ...proof(), confirm: true })).toMatchObject(refused)
})

test("nor is a number bound by SMS: none is sent", async () => {
  const harness = await startSmsHarness()
  running.push(harness)
  const { access_token: token } = await harness.logIn("alice")
  harness.advance(16 * minute)
  expect(await harness.ask("13800138000", { purpose: "bind", token })).toMatchObject(refused)
  expect(harness.sent).toEqual([])
})

test("digits that came in time are of no use to a session that is not recent any more", async () => {
  const harness = await startSmsHarness()
  running.push(harness)
  const { access_token: token } = await harness.logIn("alice")
  harness.advance(14 * minute)
  const asked = await harness.ask("13800138000", { purpose: "bind", token })
  expect(asked.status).toBe(200)
  harness.advance(2 * minute)
  const code = harness.sent.at(-1)?.code as string
  const digits = { sms_id: asked.body.sms_id as string, code }
  expect(await harness.bindBy(token, digits)).toMatchObject(refused)
})

test("a session that was opened by scanning attaches no WeChat account, however young, and a number only shortly after it", async () => {
  const harness = await scanHarness({ sms: { send: async () => {} } })
  running.push(harness)
  const browser = await openBrowser(harness)
  const phone = await takePhone(harness, "alice")
  await phone.scan(browser.image)
  await phone.confirm(browser.id, browser.number)
  const { body } = await browser.redeem()
  const bearer = { token: body.access_token as string }
  const attached = await harness.send("POST", "/me/identities", {
    ...bearer,
    body: { code: harness.code("mallory") },
  })
  expect(attached).toMatchObject(refused)
  const ask = () =>
    harness.send("POST", "/sms", { ...bearer, body: { phone: "13800138000", purpose: "bind" } })
  expect((await ask()).status).toBe(200)
  harness.advance(16 * minute)
  expect(await ask()).toMatchObject(refused)
})
