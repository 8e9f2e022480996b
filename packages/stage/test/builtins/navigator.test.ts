import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

const pages = ["pages/second/second"]
const route = (page: Awaited<ReturnType<typeof openPage>>) => page.phone.page()?.path

test("a navigator opens the page of its url", async () => {
  const page = await openPage(`<navigator id="n" url="/pages/second/second?id=1">go</navigator>`, { pages })
  page.tap("#n")
  await expect.poll(() => route(page)).toBe("pages/second/second")
  expect(page.phone.page()?.query).toEqual({ id: "1" })
})

test("a navigator finds a page from where it stands", async () => {
  const page = await openPage(`<navigator id="n" url="../second/second">go</navigator>`, { pages })
  page.tap("#n")
  await expect.poll(() => route(page)).toBe("pages/second/second")
})

test("a navigator of open-type redirect leaves nothing to go back to", async () => {
  const page = await openPage(
    `<navigator id="n" open-type="redirect" url="../second/second">go</navigator>`,
    {
      pages,
    },
  )
  page.tap("#n")
  await expect.poll(() => route(page)).toBe("pages/second/second")
  expect(page.document.querySelectorAll(".wx-page")).toHaveLength(1)
})

test("a navigator that leads nowhere is reported", async () => {
  const page = await openPage(`<navigator id="n" url="/pages/none">go</navigator>`)
  page.tap("#n")
  await expect.poll(() => page.errors).toHaveLength(1)
})

test("Enter follows a navigator", async () => {
  const page = await openPage(`<navigator id="n" url="../second/second">go</navigator>`, { pages })
  page.press("#n", "Enter")
  await expect.poll(() => route(page)).toBe("pages/second/second")
})
