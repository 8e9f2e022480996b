import type { Page } from "playwright-core"
import { expect, test } from "vitest"
import { headOf, rows, soon, usePageRig } from "./page-rig.ts"

const rig = usePageRig()
const narrow = { viewport: { width: 390, height: 844 } }

/** Whether the row can be seen in the box that scrolls. */
function inSight(page: Page, index: number): Promise<boolean> {
  return rows(page)
    .nth(index)
    .evaluate(row => {
      const box = row.closest(".sequence-box")?.getBoundingClientRect()
      const { top, bottom, height } = row.getBoundingClientRect()
      return box !== undefined && height > 0 && top >= box.top && bottom <= box.bottom
    })
}

function scrollTop(page: Page): Promise<number> {
  return page.locator(".sequence-box").evaluate(box => box.scrollTop)
}

test("the newest message stays in sight, until one scrolls up", async () => {
  const page = await rig.open()
  for (const last of [7, 15, 23]) {
    await rig.fixture.act("login")
    await rows(page).nth(last).waitFor()
    await expect.poll(() => inSight(page, last), soon).toBe(true)
  }
  await page.locator(".sequence-box").hover()
  await page.mouse.wheel(0, -900)
  await page.locator(".to-end").waitFor()
  const before = await scrollTop(page)
  await rig.fixture.act("login")
  await rows(page).nth(31).waitFor()
  expect(await scrollTop(page)).toBe(before)
  await page.getByRole("button", { name: "Latest" }).click()
  await expect.poll(() => inSight(page, 31), soon).toBe(true)
})

test("who reads a message is not carried away by the next one", async () => {
  const page = await rig.open()
  await rig.fixture.act("login")
  await headOf(page, 2).click()
  await page.locator(".to-end").waitFor()
  const before = await scrollTop(page)
  await rig.fixture.act("orders")
  await rows(page).nth(9).waitFor()
  expect(await scrollTop(page)).toBe(before)
})

test("a narrow screen shows the steps beside the phone, and the newest message where it is looked for", async () => {
  const page = await rig.open(narrow)
  await rig.fixture.act("login")
  await rig.fixture.act("login")
  const glance = page.getByRole("button", { name: "7 Tokens" })
  await glance.waitFor()
  expect(await glance.locator('[data-state="done"], [data-state="now"]').count()).toBe(7)
  await glance.click()
  await expect.poll(() => inSight(page, 15), soon).toBe(true)
})

test.each(["zh-CN", "en-GB"])("nothing is wider than a screen of 390 pixels in %s", async locale => {
  const { width } = narrow.viewport
  const page = await rig.open({ ...narrow, locale })
  await rig.fixture.act("login")
  await rig.fixture.act("login")
  await rows(page).nth(15).waitFor({ state: "attached" })
  const sections = page.locator(".section-switch button")
  for (const section of [0, 1, 3, 2]) {
    await sections.nth(section).click()
    if (section === 2) for (const index of Array(16).keys()) await headOf(page, index).click()
    const tooWide = await page
      .locator("body *:not(.unseen, .unseen *)")
      .evaluateAll((all, width) => all.filter(each => each.getBoundingClientRect().right > width), width)
    expect(tooWide).toEqual([])
    expect(await page.locator("html").evaluate(html => html.scrollWidth)).toBe(width)
  }
})

test.each([
  ["the faults", true],
  ["the computer", false],
])(
  "beside %s every button is reached by the Tab key and shows that it has the focus",
  async (_, faultsBeside) => {
    const page = await rig.open({ faultsBeside })
    await rig.fixture.act("login")
    await rows(page).nth(7).waitFor()
    const buttons = page.locator("button:visible:enabled")
    await buttons.evaluateAll(all =>
      all.forEach((button, index) => {
        button.setAttribute("data-index", `${index}`)
      }),
    )
    const reached = new Set<string>()
    const unseen: string[] = []
    for (let presses = 0; presses < 80 && reached.size < (await buttons.count()); presses += 1) {
      await page.keyboard.press("Tab")
      const { index, outline, name } = await page.evaluate(() => {
        const { dataset, innerText } = document.activeElement as HTMLElement
        const { outlineStyle } = getComputedStyle(document.activeElement as HTMLElement)
        return { index: dataset.index, outline: outlineStyle, name: innerText }
      })
      if (index !== undefined) reached.add(index)
      if (index !== undefined && outline === "none") unseen.push(name)
    }
    expect(reached.size).toBe(await buttons.count())
    expect(unseen).toEqual([])
  },
)

test("there is one phone, and the tab that was opened last has it", async () => {
  const first = await rig.open()
  await first.locator(".phone iframe").waitFor()
  const second = await first.context().newPage()
  await second.goto(rig.address)
  await second.locator(".phone iframe").waitFor()
  await first.getByText("The phone is in another tab.").waitFor()
  expect(await first.locator(".phone iframe").count()).toBe(0)
  await rig.fixture.act("login")
  await rows(first).nth(7).waitFor()
  await first.getByRole("button", { name: "Use it here" }).click()
  await first.locator(".phone iframe").waitFor()
  await second.getByText("The phone is in another tab.").waitFor()
})

test("the computer and the faults take turns beside the sequence, and a phone is pointed only at what is there", async () => {
  const page = await rig.open({ faultsBeside: false })
  const computer = page.locator(".computer")
  await computer.getByText("No session on this web page").waitFor()
  expect(await computer.locator(".point").isDisabled()).toBe(true)
  await page.frameLocator(".computer iframe").getByRole("button", { name: "Log in" }).click()
  await computer.locator(".point:enabled").waitFor()
  // The script behind this page draws no codes.
  await computer.locator(".point").click()
  await computer.getByText("there is no code on the web page just now").waitFor()
  const faults = page.locator(".side-switch").getByRole("button", { name: "Faults" })
  await faults.click()
  await page.getByRole("button", { name: "Restart the server" }).waitFor()
  expect(await computer.isVisible()).toBe(false)
})

test("the web page on the computer speaks the language of the page around it, by night and by day", async () => {
  for (const [locale, colorScheme, text] of [
    ["zh-CN", "dark", "登录后查看你的订单。"],
    ["en-GB", "light", "Log in to see your orders."],
  ] as const) {
    const page = await rig.open({ locale, colorScheme, faultsBeside: false })
    const shop = page.frameLocator(".computer iframe")
    await shop.getByText(text).waitFor()
    const background = await shop.locator("body").evaluate(body => getComputedStyle(body).backgroundColor)
    expect(background).toBe(colorScheme === "dark" ? "rgb(25, 25, 25)" : "rgb(247, 247, 247)")
  }
})
