import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

function type(page: Awaited<ReturnType<typeof openPage>>, text: string): void {
  const control = page.find<HTMLTextAreaElement>("textarea")
  control.value = text
  control.dispatchEvent(new page.window.Event("input", { bubbles: true }))
}

test("a textarea tells what is typed", async () => {
  const page = await openPage(`<textarea model:value="{{text}}" bindinput="hear" />`, { data: { text: "" } })
  type(page, "hello")
  expect(page.details("input")).toMatchObject([{ value: "hello", cursor: 5 }])
  expect(page.data()).toEqual({ text: "hello" })
})

test("a textarea tells when there are more lines", async () => {
  const page = await openPage(`<textarea auto-height bindlinechange="hear" />`)
  type(page, "one")
  type(page, "one\ntwo")
  await Promise.resolve()
  expect(page.details("linechange")).toMatchObject([{ lineCount: 2 }])
})

test("Enter begins a line in a textarea, unless its confirm-type says that it confirms", async () => {
  const plain = await openPage(`<textarea bindconfirm="hear" value="x" />`)
  plain.press("textarea", "Enter")
  expect(plain.heard).toEqual([])
  const sends = await openPage(`<textarea bindconfirm="hear" confirm-type="send" value="x" />`)
  sends.press("textarea", "Enter")
  expect(sends.details("confirm")).toEqual([{ value: "x" }])
})

test("a textarea that confirm-hold is said of keeps the focus", async () => {
  const page = await openPage(`<textarea confirm-type="send" confirm-hold focus />`)
  page.press("textarea", "Enter")
  expect(page.document.activeElement).toBe(page.find("textarea"))
})
