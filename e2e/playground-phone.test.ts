import { expect, test } from "vitest"
import { usePlayground } from "./support/playground.ts"

const playground = usePlayground()
const { tap, sees, on, click } = playground

const yes = ".stage-box-confirm"
const tab = (number: number) => `.stage-tab >> nth=${number}`

/** The number of the person with the phone, as WeChat knows it. */
async function numberOf(user: string): Promise<string> {
  const state = await (await fetch(`${playground.url}/__simulator__/state`)).json()
  const { users } = state as { readonly users: readonly { readonly name: string; readonly phone: string }[] }
  return users.find(({ name }) => name === user)?.phone ?? ""
}

test("a phone number: consent, WeChat's own question, the code's way, and the number in full nowhere on the page", async () => {
  await playground.logIn()
  await tap(tab(1))
  expect(await sees("#phone-number")).toBe("未绑定")
  await tap("#bind-phone")
  await tap("#privacy-agree")
  await sees(".stage-sheet-item")
  await playground.clear()
  await tap(".stage-sheet-item")
  await expect.poll(() => sees("#phone-number"), { timeout: 10_000 }).toMatch(/^100\*{4}\d{4}$/)
  const messages = (await playground.messages()).filter(line => !line.includes("/cgi-bin/"))
  expect(messages).toEqual(
    expect.arrayContaining([
      "getPhoneNumber",
      "getPhoneNumber:ok",
      "POST /me/phone",
      "POST /wxa/business/getuserphonenumber",
      expect.stringMatching(/^INSERT .*\bphones\b/),
    ]),
  )
  const number = await numberOf("alice")
  expect(number).toMatch(/^100\d{8}$/)
  const { page } = playground
  await page.locator(".messages > .message", { hasText: "POST /me/phone" }).first().waitFor()
  for (const message of await page.locator(".messages > .message").all()) await message.click()
  expect(await page.content()).not.toContain(number)

  await tap("#remove-phone")
  await tap(yes)
  await expect.poll(() => sees("#phone-number"), { timeout: 10_000 }).toBe("未绑定")
})

test("where the quota is used up, WeChat says so and the page too", async () => {
  const quota = (left: number | null) =>
    fetch(`${playground.url}/__simulator__/phone-quota`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ left }),
    })
  await quota(0)
  await playground.logIn()
  await tap(tab(1))
  await tap("#bind-phone")
  await tap("#privacy-agree")
  await click(on(yes))
  expect(await sees("#phone-problem")).toContain("暂时无法获取手机号")
  await quota(null)
})
